/* SO_RCVTIMEO and SO_SNDTIMEO: what every call answers when the time is over, and how long it took. */
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
static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

#define TIMED(call) do { long long t_ = now(); SAY(call); t_ = now() - t_; \
        printf("    %s\n", t_ < 50 ? "at once" : t_ < 180 ? "early" : t_ < 350 ? "in time" : "late"); } while (0)

static void both(int s)
{
    struct timeval t = { 0, 200000 };
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
}

int main(void)
{
    struct sockaddr_in a = at("127.0.0.1", 7000), nobody = at("127.0.0.1", 7001);
    int l, c, s, u, p[2], d, i;
    static char big[4000000];
    struct msghdr msg;
    struct iovec iov = { big, 10 };
    struct sockaddr_un un;
    setvbuf(stdout, NULL, _IOLBF, 0);
    l = socket(AF_INET, SOCK_STREAM, 0);
    both(l);
    bind(l, ADDR(a));
    listen(l, 0);
    TIMED(accept(l, NULL, NULL));
    TIMED(accept4(l, NULL, NULL, SOCK_CLOEXEC));
    c = socket(AF_INET, SOCK_STREAM, 0);
    TIMED(connect(c, ADDR(a)));
    s = accept(l, NULL, NULL);
    TIMED(recv(s, big, 10, 0));
    both(c);
    TIMED(recv(c, big, 10, 0));
    TIMED(read(c, big, 10));
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    TIMED(recvmsg(c, &msg, 0));
    TIMED(readv(c, &iov, 1));
    SAY(send(s, "abc", 3, 0));
    TIMED(recv(c, big, 10, MSG_WAITALL));
    TIMED(recv(c, big, 10, MSG_PEEK));
    TIMED(recv(c, big, 0, 0));
    u = socket(AF_INET, SOCK_DGRAM, 0);
    both(u);
    bind(u, ADDR(a));
    TIMED(recv(u, big, 10, 0));
    TIMED(recvfrom(u, big, 10, MSG_PEEK, NULL, NULL));
    TIMED(recvmsg(u, &msg, 0));
    SAY(connect(u, ADDR(nobody)));
    SAY(send(u, "x", 1, 0));
    TIMED(recv(u, big, 10, 0));
    TIMED(recv(u, big, 10, 0));
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    both(p[0]);
    TIMED(recv(p[0], big, 10, 0));
    SAY(socketpair(AF_UNIX, SOCK_DGRAM, 0, p));
    both(p[0]);
    TIMED(recv(p[0], big, 10, 0));
    memset(&un, 0, sizeof un);
    un.sun_family = AF_UNIX;
    strcpy(un.sun_path + 1, "timeouts");
    d = socket(AF_UNIX, SOCK_STREAM, 0);
    both(d);
    SAY(bind(d, (struct sockaddr *)&un, 12));
    SAY(listen(d, 0));
    TIMED(accept(d, NULL, NULL));
    for (i = 0; i < 2; i++) {
        c = socket(AF_UNIX, SOCK_STREAM, 0);
        both(c);
        TIMED(connect(c, (struct sockaddr *)&un, 12));
    }
    /* poll and select do not know these timeouts. */
    struct pollfd pf = { u, POLLIN, 0 };
    TIMED(poll(&pf, 1, 250));
    return 0;
}
