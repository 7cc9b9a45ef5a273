/* mmap(MAP_SHARED), a semaphore in it, System V shm and sem. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/sem.h>
#include <semaphore.h>

struct shared { sem_t lock; int count; };

int main(void)
{
    struct shared *m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    printf("%d\n", m != MAP_FAILED);
    SAY(sem_init(&m->lock, 1, 1));
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            for (int j = 0; j < 50; j++) {
                sem_wait(&m->lock);
                m->count++;
                sem_post(&m->lock);
            }
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    printf("%d\n", m->count);
    int value;
    SAY(sem_getvalue(&m->lock, &value));
    printf("%d\n", value);
    SAY(sem_trywait(&m->lock));
    SAY(sem_trywait(&m->lock));
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    int *n = shmat(id, NULL, 0);
    *n = 41;
    if (fork() == 0) {
        (*n)++;
        _exit(0);
    }
    wait(NULL);
    printf("%d\n", *n);
    SAY(shmdt(n));
    SAY(shmctl(id, IPC_RMID, NULL));
    SAY(shmget(0x7777, 4096, 0));
    int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    struct sembuf up = { 0, 1, 0 }, down = { 0, -1, IPC_NOWAIT };
    SAY(semop(set, &down, 1));
    SAY(semop(set, &up, 1));
    SAY(semop(set, &down, 1));
    SAY(semctl(set, 0, IPC_RMID));
    return 0;
}
