/* One thread, epoll: each connection is answered as it becomes readable. */
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
    int open = 0, served = 0;
    struct epoll_event ev, got;
    struct sockaddr_in any = at("0.0.0.0", 7000);
    int l = socket(AF_INET, SOCK_STREAM, 0), e = epoll_create1(EPOLL_CLOEXEC);
    SAY(bind(l, ADDR(any)));
    SAY(listen(l, 5));
    ev.events = EPOLLIN;
    ev.data.fd = l;
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, l, &ev));
    while (served < 2) {
        if (epoll_wait(e, &got, 1, -1) != 1)
            return 1;
        if (got.data.fd == l) {
            int c = accept4(l, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            ev.events = EPOLLIN | EPOLLRDHUP;
            ev.data.fd = c;
            SAY(epoll_ctl(e, EPOLL_CTL_ADD, c, &ev));
            printf("%d open\n", ++open);
        } else if (got.events & EPOLLRDHUP) {
            SAY(close(got.data.fd));
            served++;
        } else {
            ssize_t n = recv(got.data.fd, buf, sizeof buf, 0);
            SAY(send(got.data.fd, buf, n, 0));
        }
    }
    return 0;
}
