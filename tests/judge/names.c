/* getsockname(2) and getpeername(2). */
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
    int s = socket(AF_INET, SOCK_STREAM, 0), p[2];
    struct sockaddr_in a, b;
    socklen_t len = sizeof a;
    SAY(getsockname(99, (struct sockaddr *)&a, &len));
    SAY(getsockname(1, (struct sockaddr *)&a, &len));
    SAY(getsockname(s, (struct sockaddr *)&a, &len));
    printf("%s:%d %d\n", inet_ntoa(a.sin_addr), ntohs(a.sin_port), len);
    SAY(getsockname(s, (struct sockaddr *)&a, NULL));
    SAY(getsockname(s, NULL, &len));
    SAY(getpeername(s, (struct sockaddr *)&a, &len));
    len = 4;
    SAY(getsockname(s, (struct sockaddr *)&a, &len));
    printf("%d\n", len);
    len = -1;
    SAY(getsockname(s, (struct sockaddr *)&a, &len));
    tcp_pair(p);
    len = sizeof a;
    getsockname(p[0], (struct sockaddr *)&a, &len);
    getpeername(p[1], (struct sockaddr *)&b, &len);
    printf("same %d\n", memcmp(&a, &b, sizeof a) == 0);
    close(p[1]);
    wait_for(p[0], POLLRDHUP);
    SAY(getpeername(p[0], (struct sockaddr *)&b, &len));
    int u = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = at("127.0.0.1", 7061);
    SAY(connect(u, ADDR(to)));
    getsockname(u, (struct sockaddr *)&a, &len);
    printf("%s %d\n", inet_ntoa(a.sin_addr), a.sin_port != 0);
    return 0;
}
