/* A connected UDP socket: the ICMP error, the filter, the disconnect. */
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


int main(void)
{
    struct sockaddr_in dead = at("127.0.0.1", 7111), peer = at("127.0.0.1", 7112), name;
    socklen_t len = sizeof name;
    char buf[64];
    int s = socket(AF_INET, SOCK_DGRAM, 0), p = socket(AF_INET, SOCK_DGRAM, 0), q = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(sendto(q, "x", 1, 0, ADDR(dead)));
    SAY(sendto(q, "x", 1, 0, ADDR(dead)));
    SAY(connect(s, ADDR(dead)));
    SAY(send(s, "1", 1, 0));
    wait_for(s, POLLIN);
    SAY(send(s, "2", 1, 0));
    SAY(send(s, "3", 1, 0));
    wait_for(s, POLLIN);
    SAY(recv(s, buf, 64, 0));
    SAY(recv(s, buf, 64, MSG_DONTWAIT));
    SAY(send(s, "4", 1, 0));
    wait_for(s, POLLIN);
    printf("error %s\n", error_of(s));
    printf("error %s\n", error_of(s));
    SAY(send(s, "5", 1, 0));
    wait_for(s, POLLIN);
    SAY(send(s, NULL, 5, 0));
    SAY(send(s, NULL, 5, 0));
    bind(p, ADDR(peer));
    SAY(connect(s, ADDR(peer)));
    SAY(getpeername(s, (struct sockaddr *)&name, &len));
    SAY(send(s, "hi", 2, 0));
    SAY(recvfrom(p, buf, 64, 0, (struct sockaddr *)&name, &len));
    SAY(sendto(q, "not the peer", 12, 0, ADDR(name)));
    SAY(recv(s, buf, 64, MSG_DONTWAIT));
    SAY(sendto(p, "the peer", 8, 0, ADDR(name)));
    SAY(recv(s, buf, 64, 0));
    struct sockaddr none = { .sa_family = AF_UNSPEC };
    SAY(connect(s, &none, sizeof none));
    SAY(getpeername(s, (struct sockaddr *)&name, &len));
    SAY(getsockname(s, (struct sockaddr *)&name, &len));
    printf("port %d\n", ntohs(name.sin_port));
    struct sockaddr_in zero = at("127.0.0.1", 0);
    SAY(connect(s, ADDR(zero)));
    SAY(getpeername(s, (struct sockaddr *)&name, &len));
    return 0;
}
