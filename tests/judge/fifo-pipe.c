/* pipe(7), fifo(7): opening both ways, O_NONBLOCK, PIPE_BUF, capacity, what select and poll say.
   Racy: how much the last reader finds at once depends on the moment. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

static struct sockaddr_in at(const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    return a;
}
#define ADDR(a) (struct sockaddr *)&(a), sizeof(a)
static void look(const char *what, int fd, int events)
{
    struct pollfd p = { fd, events, 0 };
    int n = poll(&p, 1, 0), left = -1;
    ioctl(fd, FIONREAD, &left);
    printf("%s: poll %d %#x, to read %d\n", what, n, p.revents, left);
}

int main(void)
{
    int p[2], q[2], r, w, i, n;
    static char big[70000];
    struct stat st;
    signal(SIGPIPE, SIG_IGN);
    SAY(pipe2(p, O_NONBLOCK | O_CLOEXEC));
    SAY(pipe2(q, O_DIRECT));
    SAY(pipe(NULL));
    look("empty, read end", p[0], POLLIN | POLLOUT);
    look("empty, write end", p[1], POLLIN | POLLOUT);
    SAY(read(p[1], big, 1));
    SAY(write(p[0], big, 1));
    SAY(fcntl(p[1], F_GETPIPE_SZ));
    SAY(fcntl(p[1], F_SETPIPE_SZ, 5000));
    SAY(fcntl(p[0], F_GETPIPE_SZ));
    SAY(write(p[1], big, 4096));
    SAY(write(p[1], big, 4095));
    look("one byte left", p[1], POLLOUT);
    SAY(write(p[1], big, 2));
    SAY(write(p[1], big, 1));
    SAY(write(p[1], big, 1));
    SAY(write(p[1], big, 5000));
    SAY(fcntl(p[1], F_SETPIPE_SZ, 4096));
    SAY(read(p[0], big, 1));
    SAY(write(p[1], big, 1));
    SAY(read(p[0], big, 4095));
    look("a page is free", p[1], POLLOUT);
    SAY(write(p[1], big, 5000));
    SAY(fcntl(p[1], F_SETPIPE_SZ, 1 << 30));
    SAY(fcntl(p[1], F_SETPIPE_SZ, 0));
    SAY(fcntl(p[1], F_SETPIPE_SZ, 100000));
    SAY(write(p[1], big, 70000));
    SAY(lseek(p[0], 0, SEEK_SET));
    SAY(fstat(p[0], &st));
    printf("a fifo %d, size %d, mode %o\n", S_ISFIFO(st.st_mode), (int)st.st_size, st.st_mode & 0777);
    SAY(ftruncate(p[1], 0));
    SAY(fsync(p[1]));
    SAY(close(p[0]));
    look("nobody reads", p[1], POLLOUT);
    SAY(write(p[1], big, 1));
    SAY(write(p[1], big, 0));
    SAY(close(p[1]));
    /* FIFOs. */
    SAY(mkfifo("/tmp/f", 0644));
    SAY(mkfifo("/tmp/f", 0644));
    SAY(mkfifo("/tmp/none/f", 0644));
    SAY(stat("/tmp/f", &st));
    printf("mode %o, a fifo %d\n", st.st_mode & 0777, S_ISFIFO(st.st_mode));
    SAY(open("/tmp/f", O_WRONLY | O_NONBLOCK));
    SAY(r = open("/tmp/f", O_RDONLY | O_NONBLOCK));
    look("never a writer", r, POLLIN);
    SAY(read(r, big, 1));
    SAY(w = open("/tmp/f", O_WRONLY));
    SAY(read(r, big, 1));
    look("a writer, nothing", r, POLLIN);
    SAY(write(w, "abc", 3));
    look("three bytes", r, POLLIN);
    SAY(close(w));
    look("written, no writer", r, POLLIN);
    SAY(read(r, big, 2));
    SAY(read(r, big, 2));
    SAY(read(r, big, 2));
    look("no writer", r, POLLIN);
    SAY(w = open("/tmp/f", O_RDWR));
    look("again a writer", r, POLLIN);
    SAY(write(w, "de", 2));
    SAY(read(w, big, 9));
    SAY(unlink("/tmp/f"));
    SAY(write(w, "fg", 2));
    SAY(read(r, big, 9));
    SAY(fcntl(r, F_GETFL) & (O_NONBLOCK | O_ACCMODE));
    SAY(open("/tmp/f", O_RDONLY));
    /* A reader and a writer that wait for each other. */
    SAY(mkfifo("/tmp/g", 0600));
    fflush(stdout);
    if (fork() == 0) {
        w = open("/tmp/g", O_WRONLY);
        for (i = 0; i < 20; i++)
            write(w, big, 5000);
        _exit(0);
    }
    r = open("/tmp/g", O_RDONLY);
    for (i = 0; (n = read(r, big, sizeof big)) > 0;)
        i += n;
    printf("read %d in all\n", i);
    wait(&i);
    printf("exit %d\n", i);
    SAY(unlink("/tmp/g"));
    return 0;
}
