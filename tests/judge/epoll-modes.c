/* epoll(7): edge-triggered, one-shot, exclusive, nested, and what dup, close and fork do to it. */
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
static const char *names(unsigned events)
{
    static char text[100];
    text[0] = 0;
    if (events & EPOLLIN) strcat(text, " IN");
    if (events & EPOLLOUT) strcat(text, " OUT");
    if (events & EPOLLPRI) strcat(text, " PRI");
    if (events & EPOLLRDHUP) strcat(text, " RDHUP");
    if (events & EPOLLHUP) strcat(text, " HUP");
    if (events & EPOLLERR) strcat(text, " ERR");
    return text;
}

static void wait_all(int e, const char *when)
{
    struct epoll_event got[8];
    int i, n = epoll_wait(e, got, 8, 0);
    printf("%s: %d", when, n);
    for (i = 0; i < n; i++)
        printf(" [%d:%s]", got[i].data.fd, names(got[i].events));
    printf("\n");
}

static int control(int e, int op, int fd, unsigned events)
{
    struct epoll_event ev;
    memset(&ev, 0, sizeof ev);
    ev.events = events;
    ev.data.fd = fd;
    return epoll_ctl(e, op, fd, &ev);
}

int main(void)
{
    int e = epoll_create1(EPOLL_CLOEXEC), outer = epoll_create1(0), s[2], p[2], d, v, i;
    char buf[16];
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    SAY(pipe(p));
    SAY(fcntl(e, F_GETFD));
    SAY(control(e, EPOLL_CTL_ADD, s[0], EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP));
    wait_all(e, "edge, first");
    wait_all(e, "edge, again");
    SAY(write(s[1], "abc", 3));
    wait_all(e, "edge, data");
    wait_all(e, "edge, same data");
    SAY(write(s[1], "def", 3));
    wait_all(e, "edge, more data");
    SAY(read(s[0], buf, 2));
    wait_all(e, "edge, a part is read");
    SAY(control(e, EPOLL_CTL_MOD, s[0], EPOLLIN | EPOLLET));
    wait_all(e, "edge, after MOD");
    wait_all(e, "edge, after MOD, again");
    SAY(shutdown(s[1], SHUT_WR));
    wait_all(e, "edge, the other end shuts down");
    SAY(control(e, EPOLL_CTL_MOD, s[0], EPOLLIN | EPOLLONESHOT));
    wait_all(e, "one shot");
    wait_all(e, "one shot, again");
    SAY(send(s[1], "x", 1, MSG_NOSIGNAL));
    wait_all(e, "one shot, disarmed");
    SAY(control(e, EPOLL_CTL_MOD, s[0], EPOLLIN | EPOLLONESHOT));
    wait_all(e, "one shot, armed again");
    SAY(control(e, EPOLL_CTL_ADD, s[0], EPOLLIN));
    SAY(control(e, EPOLL_CTL_DEL, s[0], 0));
    SAY(control(e, EPOLL_CTL_DEL, s[0], 0));
    SAY(control(e, EPOLL_CTL_MOD, s[0], EPOLLIN));
    SAY(control(e, 77, s[0], EPOLLIN));
    SAY(control(s[0], EPOLL_CTL_ADD, s[1], EPOLLIN));
    SAY(control(e, EPOLL_CTL_ADD, 99, EPOLLIN));
    SAY(control(99, EPOLL_CTL_ADD, s[0], EPOLLIN));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, s[0], NULL));
    SAY(epoll_ctl(e, EPOLL_CTL_DEL, s[1], NULL));
    SAY(epoll_wait(e, NULL, 0, 0));
    SAY(epoll_wait(e, NULL, -1, 0));
    SAY(epoll_wait(s[0], NULL, 1, 0));
    SAY(epoll_create(0));
    SAY(epoll_create1(77));
    /* Exclusive. */
    SAY(control(e, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLEXCLUSIVE));
    SAY(control(e, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLEXCLUSIVE));
    SAY(control(e, EPOLL_CTL_MOD, p[0], EPOLLIN));
    SAY(control(e, EPOLL_CTL_ADD, p[1], EPOLLOUT | EPOLLEXCLUSIVE | EPOLLONESHOT));
    SAY(control(e, EPOLL_CTL_ADD, p[1], EPOLLOUT | EPOLLEXCLUSIVE | EPOLLRDHUP));
    SAY(control(e, EPOLL_CTL_ADD, outer, EPOLLIN | EPOLLEXCLUSIVE));
    /* One in another. */
    SAY(control(outer, EPOLL_CTL_ADD, e, EPOLLIN));
    SAY(control(e, EPOLL_CTL_ADD, outer, EPOLLIN));
    SAY(control(outer, EPOLL_CTL_ADD, outer, EPOLLIN));
    wait_all(outer, "outer, nothing");
    SAY(write(p[1], "y", 1));
    wait_all(outer, "outer");
    wait_all(e, "inner");
    SAY(read(p[0], buf, 5));
    wait_all(outer, "outer, read");
    /* A duplicate keeps the description registered after the number is closed. */
    d = dup(p[0]);
    SAY(close(p[0]));
    SAY(write(p[1], "z", 1));
    v = epoll_wait(e, &(struct epoll_event){ 0 }, 1, 0);
    printf("the closed number is still reported: %d\n", v);
    SAY(control(e, EPOLL_CTL_DEL, p[0], 0));
    SAY(control(e, EPOLL_CTL_ADD, d, EPOLLIN));
    v = epoll_wait(e, (struct epoll_event[4]){ { 0 } }, 4, 0);
    printf("twice now: %d\n", v);
    SAY(close(d));
    wait_all(e, "all closed");
    /* What cannot be watched. */
    i = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    SAY(control(e, EPOLL_CTL_ADD, i, EPOLLIN));
    SAY(unlink("/tmp/file"));
    i = eventfd(3, EFD_NONBLOCK);
    SAY(control(e, EPOLL_CTL_ADD, i, EPOLLIN | EPOLLOUT | EPOLLET));
    wait_all(e, "eventfd");
    wait_all(e, "eventfd, again");
    SAY(write(i, "\1\0\0\0\0\0\0\0", 8));
    wait_all(e, "eventfd, one more");
    SAY(read(i, buf, 8));
    wait_all(e, "eventfd, read");
    return 0;
}
