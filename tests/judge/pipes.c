/* pipe(2): capacity, end of file, EPIPE. */
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


static int poll_one(int fd)
{
    struct pollfd p = { fd, POLLIN | POLLOUT, 0 };
    poll(&p, 1, 0);
    return p.revents;
}

int main(void)
{
    static char big[100000];
    int p[2], q[2];
    char buf[16];
    signal(SIGPIPE, SIG_IGN);
    SAY(pipe(p));
    printf("%d %d\n", p[0], p[1]);
    SAY(write(p[0], "x", 1));
    SAY(read(p[1], buf, 1));
    SAY(fcntl(p[1], F_GETPIPE_SZ));
    SAY(fcntl(p[0], F_SETFL, O_NONBLOCK));
    SAY(fcntl(p[1], F_SETFL, O_NONBLOCK));
    SAY(read(p[0], buf, 10));
    SAY(read(p[0], buf, 0));
    printf("%#x\n", poll_one(p[0])); /* one at a time: C does not say which argument is first */
    printf("%#x\n", poll_one(p[1]));
    SAY(write(p[1], big, sizeof big));
    SAY(write(p[1], big, 1));
    printf("%#x\n", poll_one(p[0])); /* one at a time: C does not say which argument is first */
    printf("%#x\n", poll_one(p[1]));
    SAY(read(p[0], big, sizeof big));
    SAY(write(p[1], "abc", 3));
    SAY(read(p[0], buf, 10));
    SAY(send(p[1], "x", 1, 0));
    SAY(lseek(p[0], 0, SEEK_SET));
    int d = dup(p[1]);
    SAY(close(p[1]));
    SAY(read(p[0], buf, 10));
    SAY(close(d));
    printf("%#x\n", poll_one(p[0]));
    SAY(read(p[0], buf, 10));
    SAY(pipe2(q, O_CLOEXEC));
    SAY(fcntl(q[0], F_GETFD));
    SAY(close(q[0]));
    printf("%#x\n", poll_one(q[1]));
    SAY(write(q[1], "", 0));
    SAY(write(q[1], "x", 1));
    SAY(pipe2(q, O_TRUNC));
    SAY(pipe(NULL));
    return 0;
}
