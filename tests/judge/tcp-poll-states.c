/* What poll, select and the state say at every station of a connection's life, both ends. */
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
static int state(int s)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    if (getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
        return -1;
    return info.tcpi_state;
}

static void look(const char *what, int s)
{
    struct pollfd p = { s, POLLIN | POLLOUT | POLLPRI | POLLRDHUP | POLLRDNORM | POLLRDBAND | POLLWRBAND, 0 };
    struct timeval now = { 0, 0 };
    fd_set r, w, e;
    int left = -1, out = -1, unsent = -1;
    poll(NULL, 0, 5);
    poll(&p, 1, 0);
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_ZERO(&e);
    FD_SET(s, &r);
    FD_SET(s, &w);
    FD_SET(s, &e);
    select(s + 1, &r, &w, &e, &now);
    ioctl(s, FIONREAD, &left);
    ioctl(s, TIOCOUTQ, &out);
    printf("%s: state %d, poll %#x, select %d%d%d, in %d, out %d\n", what, state(s), p.revents,
           FD_ISSET(s, &r) != 0, FD_ISSET(s, &w) != 0, FD_ISSET(s, &e) != 0, left, out);
}

static int pair(int s[2], int port)
{
    struct sockaddr_in a = at("127.0.0.1", port);
    int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(l, ADDR(a)) < 0)
        perror("bind");
    listen(l, 1);
    s[0] = socket(AF_INET, SOCK_STREAM, 0);
    connect(s[0], ADDR(a));
    s[1] = accept(l, NULL, NULL);
    return l;
}

int main(void)
{
    int s[2], l, c, i, v;
    socklen_t len = sizeof v;
    char buf[100];
    struct sockaddr_in a = at("127.0.0.1", 7001), b = at("127.0.0.1", 7999);
    struct linger hard = { 1, 0 };
    static const int hows[3] = { SHUT_RD, SHUT_WR, SHUT_RDWR };
    signal(SIGPIPE, SIG_IGN);
    c = socket(AF_INET, SOCK_STREAM, 0);
    look("fresh", c);
    SAY(bind(c, ADDR(a)));
    look("bound", c);
    SAY(listen(c, 1));
    look("listening", c);
    v = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SAY(connect(v, ADDR(a)));
    look("one waits, listener", c);
    look("one waits, client", v);
    close(v);
    look("it has gone, listener", c);
    close(c);
    c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SAY(connect(c, ADDR(b)));
    look("refused", c);
    SAY(getsockopt(c, SOL_SOCKET, SO_ERROR, &v, &len));
    printf("%s\n", strerror(v));
    look("refused, asked", c);
    close(c);
    for (i = 0; i < 3; i++) {
        printf("-- shutdown %d\n", hows[i]);
        l = pair(s, 7010 + i);
        look("client", s[0]);
        SAY(send(s[1], "abc", 3, 0));
        look("client with data", s[0]);
        SAY(shutdown(s[0], hows[i]));
        look("client", s[0]);
        look("server", s[1]);
        SAY(send(s[1], "def", 3, 0));
        look("client", s[0]);
        SAY(recv(s[0], buf, 4, MSG_DONTWAIT));
        SAY(recv(s[0], buf, 4, MSG_DONTWAIT));
        SAY(recv(s[0], buf, 4, MSG_DONTWAIT));
        SAY(send(s[0], "x", 1, 0));
        look("server", s[1]);
        SAY(shutdown(s[1], SHUT_WR));
        look("client", s[0]);
        look("server", s[1]);
        SAY(shutdown(s[0], SHUT_RDWR));
        look("client", s[0]);
        look("server", s[1]);
        SAY(close(s[0]));
        look("server", s[1]);
        SAY(send(s[1], "y", 1, 0));
        look("server", s[1]);
        SAY(getsockopt(s[1], SOL_SOCKET, SO_ERROR, &v, &len));
        printf("%s\n", strerror(v));
        SAY(recv(s[1], buf, 10, MSG_DONTWAIT));
        look("server", s[1]);
        close(s[1]);
        close(l);
    }
    printf("-- urgent\n");
    l = pair(s, 7020);
    SAY(send(s[0], "abc", 3, MSG_OOB));
    look("server", s[1]);
    SAY(recv(s[1], buf, 10, 0));
    look("server, at the mark", s[1]);
    SAY(recv(s[1], buf, 10, MSG_OOB));
    look("server, read", s[1]);
    SAY(recv(s[1], buf, 10, MSG_OOB));
    SAY(recv(s[1], buf, 10, MSG_DONTWAIT));
    printf("-- reset\n");
    SAY(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &hard, sizeof hard));
    SAY(send(s[0], "last words", 10, 0));
    SAY(close(s[0]));
    look("server", s[1]);
    SAY(recv(s[1], buf, 4, 0));
    SAY(recv(s[1], buf, 100, 0));
    SAY(recv(s[1], buf, 100, 0));
    look("server", s[1]);
    SAY(send(s[1], "z", 1, 0));
    SAY(shutdown(s[1], SHUT_RDWR));
    SAY(connect(s[1], ADDR(b)));
    SAY(listen(s[1], 1));
    return 0;
}
