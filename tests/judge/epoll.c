/* epoll(7): registration errors, level and edge. */
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

#include <sys/epoll.h>

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


int main(void)
{
    int p[2], e;
    struct epoll_event ev = { EPOLLIN, { .u32 = 7 } }, out[4];
    SAY(epoll_create(0));
    SAY(epoll_create1(12345));
    e = epoll_create1(0);
    tcp_pair(p);
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[1], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_DEL, p[1], NULL));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, e, &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, 99, &ev));
    SAY(epoll_ctl(99, EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(p[1], EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(e, 99, p[0], &ev));
    SAY(epoll_wait(e, out, 4, 0));
    SAY(epoll_wait(e, out, 0, 0));
    SAY(epoll_wait(99, out, 4, 0));
    send(p[1], "x", 1, 0);
    SAY(epoll_wait(e, out, 4, 1000));
    printf("%u %u\n", out[0].events, out[0].data.u32);
    SAY(epoll_wait(e, out, 4, 0));
    ev.events = EPOLLIN | EPOLLET;
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
    SAY(epoll_wait(e, out, 4, 0));
    SAY(epoll_wait(e, out, 4, 0));
    send(p[1], "y", 1, 0);
    SAY(epoll_wait(e, out, 4, 1000));
    ev.events = EPOLLIN | EPOLLONESHOT;
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
    SAY(epoll_wait(e, out, 4, 0));
    SAY(epoll_wait(e, out, 4, 0));
    ev.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
    shutdown(p[1], SHUT_WR);
    wait_for(p[0], POLLRDHUP);
    SAY(epoll_wait(e, out, 4, 0));
    printf("%#x\n", out[0].events);
    close(p[0]);
    SAY(epoll_wait(e, out, 4, 0));
    return 0;
}
