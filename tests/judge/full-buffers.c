/* A full send buffer: partial, EAGAIN, the room after reading. */
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
    static char big[8 << 20];
    int p[2];
    tcp_pair(p);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    long n = send(p[0], big, sizeof big, 0);
    printf("partial %d\n", n > 0 && n < (long)sizeof big);
    long total = n;
    while ((n = send(p[0], big, 65536, 0)) > 0)
        total += n;
    SAY(send(p[0], big, 1, 0));
    printf("%s\n", events(p[0], POLLOUT));
    struct timeval t = { 0, 100000 };
    fcntl(p[0], F_SETFL, 0);
    setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
    SAY(send(p[0], big, 1, 0));
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    long got = 0;
    fcntl(p[1], F_SETFL, 0);
    while (got < total) {
        n = recv(p[1], big, sizeof big, 0);
        if (n <= 0)
            break;
        got += n;
    }
    printf("all arrived %d\n", got == total);
    wait_for(p[0], POLLOUT);
    SAY(send(p[0], "x", 1, 0));
    SAY(recv(p[1], big, 10, 0));
    return 0;
}
