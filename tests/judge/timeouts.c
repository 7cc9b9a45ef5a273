/* SO_RCVTIMEO, connect to oneself, sleep and clocks. */
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


/* A connected pair over loopback: pair[0] connected, pair[1] was accepted. */
static int listener;
static void tcp_pair(int pair[2])
{
    struct sockaddr_in a = at("127.0.0.1", 0);
    socklen_t len = sizeof a;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, ADDR(a));
    listen(listener, 8);
    getsockname(listener, (struct sockaddr *)&a, &len);
    pair[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(pair[0], ADDR(a)) < 0)
        perror("connect");
    pair[1] = accept(listener, NULL, NULL);
}
/* Waits until events are there, so that the order of things does not depend on time. */
static void wait_for(int fd, int events)
{
    struct pollfd p = { fd, events, 0 };
    poll(&p, 1, 3000);
}
static const char *events(int fd, int wanted)
{
    static char text[64];
    struct pollfd p = { fd, wanted, 0 };
    poll(&p, 1, 0);
    text[0] = 0;
    if (p.revents & POLLIN) strcat(text, "IN ");
    if (p.revents & POLLPRI) strcat(text, "PRI ");
    if (p.revents & POLLOUT) strcat(text, "OUT ");
    if (p.revents & POLLERR) strcat(text, "ERR ");
    if (p.revents & POLLHUP) strcat(text, "HUP ");
    if (p.revents & POLLNVAL) strcat(text, "NVAL ");
    if (p.revents & POLLRDHUP) strcat(text, "RDHUP ");
    return text;
}
#define ALL (POLLIN | POLLPRI | POLLOUT | POLLRDHUP)
static const char *error_of(int fd)
{
    int e = -1;
    socklen_t len = sizeof e;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len);
    return e ? strerror(e) : "none";
}

#include <time.h>

int main(void)
{
    int p[2];
    char buf[8];
    struct timeval t = { 0, 100000 };
    struct timespec before, after, nap = { 0, 50000000 }, bad = { 0, 1000000000 };
    tcp_pair(p);
    SAY(setsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    clock_gettime(CLOCK_MONOTONIC, &before);
    SAY(recv(p[0], buf, 8, 0));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    printf("about 100 ms: %d\n", ms >= 99 && ms < 400);
    SAY(send(p[1], "ab", 2, 0));
    SAY(recv(p[0], buf, 8, MSG_WAITALL));
    SAY(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    SAY(accept(listener, NULL, NULL));
    SAY(nanosleep(&nap, NULL));
    SAY(nanosleep(&bad, NULL));
    SAY(clock_gettime(99, &after));
    int n;
    SAY(ioctl(p[0], FIONREAD, &n));
    printf("%d\n", n);
    SAY(send(p[1], "abc", 3, 0));
    wait_for(p[0], POLLIN);
    SAY(ioctl(p[0], FIONREAD, &n));
    printf("%d\n", n);
    SAY(ioctl(p[0], FIONBIO, &n));
    SAY(fcntl(p[0], F_GETFL));
    SAY(ioctl(p[0], 0x1234, &n));
    SAY(ioctl(99, FIONREAD, &n));
    return 0;
}
