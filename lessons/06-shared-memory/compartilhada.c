#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct shared {
    sem_t mutex;
    int balance;
};

static void deposit(struct shared *s, const char *who)
{
    for (int i = 0; i < 5; i++) {
        int copy = s->balance;                                      /* 4 */
        usleep(1000);
        s->balance = copy + 10;
    }
    printf("%s: done\n", who);
    fflush(stdout);
}

int main(void)
{
    int fd = shm_open("/soquete-conta", O_CREAT | O_RDWR, 0600);    /* 1 */
    if (fd < 0) { perror("shm_open"); return 1; }
    if (ftruncate(fd, sizeof(struct shared)) < 0) { perror("ftruncate"); return 1; }

    struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
                            MAP_SHARED, fd, 0);                     /* 2 */
    if (s == MAP_FAILED) { perror("mmap"); return 1; }
    s->balance = 0;
    sem_init(&s->mutex, 1, 1);

    pid_t pid = fork();                                             /* 3 */
    if (pid < 0) { perror("fork"); return 1; }
    if (pid == 0) {
        deposit(s, "child");
        exit(0);
    }
    deposit(s, "parent");
    wait(NULL);
    printf("balance = %d\n", s->balance);                           /* 5 */

    munmap(s, sizeof *s);
    close(fd);
    shm_unlink("/soquete-conta");                                   /* 6 */
    return 0;
}
