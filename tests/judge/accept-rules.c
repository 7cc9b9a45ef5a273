/* accept(2) and accept4(2): errors, what is inherited, the order. */
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
    int s = socket(AF_INET, SOCK_STREAM, 0), pair[2];
    SAY(accept(99, NULL, NULL));
    SAY(accept(1, NULL, NULL));
    SAY(accept(s, NULL, NULL));
    tcp_pair(pair);
    SAY(accept(pair[0], NULL, NULL));
    SAY(fcntl(listener, F_SETFL, O_NONBLOCK));
    SAY(accept(listener, NULL, NULL));
    struct sockaddr_in a, peer;
    socklen_t len = sizeof a, plen = 4;
    getsockname(listener, (struct sockaddr *)&a, &len);
    struct linger on = { 1, 7 };
    setsockopt(listener, SOL_SOCKET, SO_LINGER, &on, sizeof on);
    int c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(a)));
    SAY(accept4(listener, NULL, NULL, 1));
    memset(&peer, 0xee, sizeof peer);
    int d = accept(listener, (struct sockaddr *)&peer, &plen);
    printf("accepted %d, length %d, family %d\n", d > 0, plen, peer.sin_family);
    SAY(fcntl(d, F_GETFL));
    struct linger got;
    len = sizeof got;
    SAY(getsockopt(d, SOL_SOCKET, SO_LINGER, &got, &len));
    printf("linger %d %d\n", got.l_onoff, got.l_linger);
    int e = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(e, ADDR(a)));
    int f = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    SAY(fcntl(f, F_GETFL));
    SAY(fcntl(f, F_GETFD));
    SAY(recv(f, &a, sizeof a, 0));
    return 0;
}
