/* mmap(2) of a file: MAP_PRIVATE is a copy for each process, MAP_SHARED is the file itself. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>
int main(void)
{
    int fd = open("/tmp/mmap-private", O_CREAT | O_RDWR | O_TRUNC, 0600);
    if (write(fd, "0123456789", 10) != 10) return 1;
    ftruncate(fd, 4096);
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *r = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    p[0] = 'P';
    if (fork() == 0) { p[1] = 'C'; s[1] = 'S'; _exit(0); }
    wait(NULL);
    printf("%.10s %.10s %c\n", p, s, r[0]);
    unlink("/tmp/mmap-private");
    return 0;
}
