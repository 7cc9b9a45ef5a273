/* flock and record locks between a parent and its child. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *name = "/tmp/soquete-locks";

static int lock(int fd, int cmd, int type, long start, long len)
{
    struct flock l;
    memset(&l, 0, sizeof l);
    l.l_type = (short)type;
    l.l_whence = SEEK_SET;
    l.l_start = start;
    l.l_len = len;
    int r = fcntl(fd, cmd, &l);
    if (r < 0)
        printf("fcntl: %s\n", strerror(errno));
    else if (cmd == F_GETLK)
        printf("getlk: type %d start %ld len %ld %s\n", l.l_type, (long)l.l_start, (long)l.l_len,
               l.l_type == F_UNLCK ? "" : l.l_pid == getppid() ? "parent's" : "another's");
    return r;
}

int main(void)
{
    int up[2], down[2], status;
    char c;
    setvbuf(stdout, NULL, _IONBF, 0);
    unlink(name);
    int fd = open(name, O_RDWR | O_CREAT, 0600);
    write(fd, "0123456789", 10);
    pipe(up);
    pipe(down);
    lock(fd, F_SETLK, F_WRLCK, 2, 4);
    lock(fd, F_SETLK, F_RDLCK, 8, 0);
    flock(fd, LOCK_SH);
    pid_t child = fork();
    if (child == 0) {
        int mine = open(name, O_RDWR);
        int readonly = open(name, O_RDONLY);
        lock(mine, F_GETLK, F_WRLCK, 0, 0);
        lock(mine, F_GETLK, F_RDLCK, 8, 1);
        lock(mine, F_SETLK, F_RDLCK, 3, 1);
        lock(mine, F_SETLK, F_WRLCK, 0, 2);
        lock(mine, F_SETLK, F_RDLCK, 8, 1);
        lock(mine, F_SETLK, 9, 8, 1);
        lock(readonly, F_SETLK, F_WRLCK, 0, 1);
        printf("flock shared %d\n", flock(mine, LOCK_SH | LOCK_NB));
        printf("flock exclusive %d", flock(mine, LOCK_EX | LOCK_NB));
        printf(" %s\n", strerror(errno));
        printf("flock nonsense %d", flock(mine, 16));
        printf(" %s\n", strerror(errno));
        write(up[1], "a", 1);
        /* Sleeps until the parent unlocks. */
        lock(mine, F_SETLKW, F_WRLCK, 2, 4);
        printf("child has it\n");
        write(up[1], "b", 1);
        read(down[0], &c, 1);
        _exit(0);
    }
    read(up[0], &c, 1);
    usleep(50000);
    printf("parent unlocks\n");
    lock(fd, F_SETLK, F_UNLCK, 2, 4);
    read(up[0], &c, 1);
    lock(fd, F_SETLK, F_WRLCK, 2, 1);
    /* Closing any descriptor of the file gives up the child's locks with the process. */
    write(down[1], "x", 1);
    waitpid(child, &status, 0);
    printf("after the child %d\n", lock(fd, F_SETLK, F_WRLCK, 2, 1));
    close(open(name, O_RDONLY));
    printf("flock exclusive %d\n", flock(fd, LOCK_EX | LOCK_NB));
    int dup1 = dup(fd);
    printf("flock by a duplicate %d\n", flock(dup1, LOCK_EX | LOCK_NB));
    int other = open(name, O_RDWR);
    printf("flock by another %d", flock(other, LOCK_SH | LOCK_NB));
    printf(" %s\n", strerror(errno));
    flock(dup1, LOCK_UN);
    printf("flock by another %d\n", flock(other, LOCK_SH | LOCK_NB));
    unlink(name);
    return 0;
}
