/* send(2) and recv(2): errors, merging, PEEK, WAITALL, zero lengths. */
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
    char buf[64];
    SAY(send(99, "x", 1, 0));
    SAY(recv(99, buf, 1, 0));
    SAY(send(1, "x", 1, 0));
    SAY(recv(1, buf, 1, 0));
    SAY(send(s, "x", 1, MSG_NOSIGNAL));
    SAY(recv(s, buf, 1, 0));
    SAY(read(s, buf, 0));
    struct sockaddr_in to = at("127.0.0.1", 7041);
    SAY(sendto(s, "x", 1, MSG_NOSIGNAL, ADDR(to)));
    tcp_pair(p);
    SAY(send(p[0], NULL, 0, 0));
    SAY(recv(p[1], buf, sizeof buf, MSG_DONTWAIT));
    SAY(recv(p[1], buf, 0, MSG_DONTWAIT));
    SAY(send(p[0], "abc", 3, 0));
    SAY(send(p[0], "defg", 4, 0));
    SAY(recv(p[1], buf, 7, MSG_WAITALL));
    SAY(send(p[0], "123456", 6, 0));
    wait_for(p[1], POLLIN);
    SAY(recv(p[1], buf, 64, MSG_PEEK));
    SAY(recv(p[1], buf, 1, 0));
    SAY(recv(p[1], buf, 64, 0));
    SAY(send(p[0], "hello", 5, 0));
    wait_for(p[1], POLLIN);
    SAY(recv(p[1], NULL, 5, 0));
    SAY(recv(p[1], buf, 64, 0));
    SAY(sendto(p[0], "y", 1, 0, ADDR(to)));
    wait_for(p[1], POLLIN);
    SAY(recv(p[1], buf, 64, 0));
    SAY(recv(p[1], buf, 64, MSG_OOB));
    SAY(recv(p[1], buf, 64, MSG_ERRQUEUE));
    SAY(send(p[0], "abc", 3, 0));
    SAY(shutdown(p[0], SHUT_WR));
    SAY(recv(p[1], buf, 6, MSG_WAITALL));
    SAY(recv(p[1], buf, 6, 0));
    SAY(recv(p[1], buf, 6, 0));
    return 0;
}
