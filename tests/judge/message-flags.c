/* MSG_PEEK, MSG_WAITALL, MSG_TRUNC, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_MORE, and flags that nobody knows. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

int main(void)
{
    char buf[64];
    int p[2];
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    SAY(send(p[0], "abcdef", 6, MSG_MORE));
    SAY(recv(p[1], buf, 3, MSG_PEEK));
    SAY(recv(p[1], buf, 3, MSG_PEEK | MSG_DONTWAIT));
    SAY(recv(p[1], buf, 4, MSG_WAITALL));
    SAY(recv(p[1], buf, 64, MSG_DONTWAIT));
    SAY(recv(p[1], buf, 64, MSG_DONTWAIT));
    SAY(send(p[0], "x", 1, MSG_OOB));
    SAY(recv(p[1], buf, 64, MSG_DONTWAIT));
    SAY(send(p[0], "", 0, 0));
    SAY(recv(p[1], buf, 64, MSG_DONTWAIT));
    SAY(close(p[1]));
    SAY(send(p[0], "x", 1, MSG_NOSIGNAL));
    struct sockaddr_in a = at("127.0.0.1", 6200);
    int u = socket(AF_INET, SOCK_DGRAM, 0), v = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(bind(u, ADDR(a)));
    SAY(connect(v, ADDR(a)));
    SAY(send(v, "um", 2, MSG_MORE));
    SAY(recv(u, buf, 64, MSG_DONTWAIT));
    SAY(send(v, "dois", 4, 0));
    SAY(recv(u, buf, 3, MSG_TRUNC | MSG_PEEK));
    SAY(recv(u, buf, 64, 0));
    SAY(send(v, "", 0, 0));
    SAY(recv(u, buf, 64, 0));
    SAY(recv(u, buf, 64, MSG_ERRQUEUE | MSG_DONTWAIT));
    SAY(send(v, "x", 1, MSG_OOB));
    SAY(sendto(v, "x", 1, MSG_CONFIRM | MSG_DONTROUTE, ADDR(a)));
    SAY(recv(u, buf, 64, MSG_WAITALL));
    return 0;
}
