/* shutdown(2) on Unix sockets of all types: who sees what. */
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
static void look(const char *what, int s)
{
    struct pollfd p = { s, POLLIN | POLLOUT | POLLRDHUP, 0 };
    poll(&p, 1, 0);
    printf("%s: %#x\n", what, p.revents);
}

int main(void)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    int t, how, s[2], l, c;
    char buf[10];
    signal(SIGPIPE, SIG_IGN);
    for (t = 0; t < 3; t++)
        for (how = -1; how < 4; how++) {
            printf("-- type %d how %d\n", types[t], how);
            SAY(socketpair(AF_UNIX, types[t], 0, s));
            SAY(send(s[1], "abc", 3, 0));
            SAY(shutdown(s[0], how));
            look("mine", s[0]);
            look("the other", s[1]);
            SAY(recv(s[0], buf, 2, 0));
            SAY(recv(s[0], buf, 2, MSG_DONTWAIT));
            SAY(recv(s[0], buf, 2, MSG_DONTWAIT));
            SAY(send(s[0], "x", 1, 0));
            SAY(send(s[1], "y", 1, 0));
            SAY(recv(s[1], buf, 2, MSG_DONTWAIT));
            SAY(recv(s[1], buf, 2, MSG_DONTWAIT));
            SAY(shutdown(s[1], SHUT_RDWR));
            look("mine", s[0]);
            look("the other", s[1]);
            SAY(close(s[0]));
            look("the other", s[1]);
            SAY(send(s[1], "z", 1, 0));
            SAY(recv(s[1], buf, 2, MSG_DONTWAIT));
            SAY(close(s[1]));
        }
    c = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(shutdown(c, SHUT_RD));
    SAY(recv(c, buf, 2, MSG_DONTWAIT));
    SAY(send(c, "x", 1, 0));
    l = socket(AF_UNIX, SOCK_DGRAM, 0);
    SAY(shutdown(l, SHUT_RDWR));
    SAY(recv(l, buf, 2, MSG_DONTWAIT));
    SAY(recv(l, buf, 2, 0));
    SAY(send(l, "x", 1, 0));
    SAY(shutdown(0, SHUT_RDWR));
    SAY(shutdown(99, 7));
    return 0;
}
