/* UDP: auto-binding, boundaries, truncation, peers. */
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
    struct sockaddr_in a = at("127.0.0.1", 7101), from;
    socklen_t len = sizeof from;
    char buf[64];
    int r = socket(AF_INET, SOCK_DGRAM, 0), s = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(write(s, "x", 1));
    SAY(send(s, "x", 1, 0));
    SAY(recv(s, buf, 64, MSG_DONTWAIT));
    SAY(bind(r, ADDR(a)));
    SAY(sendto(s, "abc", 3, 0, ADDR(a)));
    SAY(getsockname(s, (struct sockaddr *)&from, &len));
    printf("%s %d\n", inet_ntoa(from.sin_addr), from.sin_port != 0);
    SAY(recvfrom(r, buf, 64, 0, (struct sockaddr *)&from, &len));
    printf("from %s, %d bytes of address\n", inet_ntoa(from.sin_addr), len);
    SAY(sendto(s, "ten bytes!", 10, 0, ADDR(a)));
    SAY(recv(r, buf, 4, MSG_TRUNC));
    SAY(sendto(s, "ten bytes!", 10, 0, ADDR(a)));
    SAY(recv(r, buf, 4, MSG_PEEK));
    SAY(recv(r, buf, 4, 0));
    SAY(recv(r, buf, 4, MSG_DONTWAIT));
    SAY(sendto(s, "ab", 2, 0, ADDR(a)));
    SAY(sendto(s, "cde", 3, 0, ADDR(a)));
    SAY(recv(r, buf, 64, 0));
    SAY(recv(r, buf, 64, 0));
    SAY(sendto(s, "", 0, 0, ADDR(a)));
    SAY(recv(r, buf, 64, 0));
    SAY(recv(r, buf, 64, MSG_DONTWAIT));
    struct sockaddr_in zero = at("127.0.0.1", 0);
    SAY(sendto(s, "x", 1, 0, ADDR(zero)));
    a.sin_family = AF_UNSPEC;
    SAY(sendto(s, "x", 1, 0, ADDR(a)));
    a.sin_family = AF_INET;
    SAY(recv(r, buf, 64, 0));
    static char big[65508];
    SAY(sendto(s, big, sizeof big, 0, ADDR(a)));
    SAY(sendto(s, big, sizeof big - 1, 0, ADDR(a)));
    static char room[70000];
    SAY(recv(r, room, sizeof room, 0));
    struct sockaddr_in broadcast = at("127.255.255.255", 7101);
    int one = 1;
    SAY(sendto(s, "x", 1, 0, ADDR(broadcast)));
    SAY(setsockopt(s, SOL_SOCKET, SO_BROADCAST, &one, sizeof one));
    SAY(sendto(s, "x", 1, 0, ADDR(broadcast)));
    printf("%s\n", events(r, ALL));
    struct sockaddr_in any = at("0.0.0.0", 7101);
    SAY(sendto(s, "z", 1, 0, ADDR(any)));
    SAY(recv(r, buf, 64, 0));
    SAY(listen(s, 1));
    SAY(accept(s, NULL, NULL));
    SAY(shutdown(s, SHUT_RD));
    return 0;
}
