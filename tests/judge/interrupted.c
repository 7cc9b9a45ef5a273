/* Which calls a handler interrupts, and which go on: signal(7), with and without SA_RESTART, with
   and without a timeout on the socket. */
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
static volatile int rung;

static void ring(int signal)
{
    (void)signal;
    rung++;
}

static void handler(int flags)
{
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_handler = ring;
    act.sa_flags = flags;
    sigaction(SIGALRM, &act, NULL);
}

static void soon(void)
{
    struct itimerval timer = { { 0, 0 }, { 0, 30000 } };
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* A child that gives what a restarted call waits for, after the signal. */
static pid_t later(int fd, const char *what, int kind, struct sockaddr_in *to)
{
    pid_t child = fork();
    if (child == 0) {
        struct timespec pause = { 0, 120000000 };
        nanosleep(&pause, NULL);
        if (kind == 0) {
            write(fd, what, 3);
        } else if (kind == 1) {
            int s = socket(AF_INET, SOCK_STREAM, 0);
            connect(s, (struct sockaddr *)to, sizeof *to);
            nanosleep(&pause, NULL);
        } else {
            char sink[70000];
            read(fd, sink, sizeof sink);
        }
        _exit(0);
    }
    return child;
}

int main(void)
{
    int restart, pair[2], p[2], listener, fds[2], e, u, n;
    struct sockaddr_in a = at("127.0.0.1", 7000);
    char buf[16];
    static char big[300000];
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (restart = 0; restart < 2; restart++) {
        struct timeval half = { 0, 500000 }, tenth = { 5, 0 };
        fd_set set;
        struct pollfd pf;
        struct epoll_event ev;
        struct msghdr msg;
        struct iovec iov = { buf, sizeof buf };
        struct timespec ts = { 0, 300000000 };
        printf("restart %d\n", restart);
        handler(restart ? SA_RESTART : 0);
        SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
        SAY(pipe(p));
        listener = socket(AF_INET, SOCK_STREAM, 0);
        int one = 1;
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        SAY(bind(listener, ADDR(a)));
        SAY(listen(listener, 3));
        u = socket(AF_INET, SOCK_DGRAM, 0);
        SAY(bind(u, ADDR(a)));
#define WITH(kind, fd, call) do { pid_t c = 0; soon(); if (restart) c = later(fd, "abc", kind, &a); \
        SAY(call); if (c) waitpid(c, NULL, 0); } while (0)
        WITH(0, pair[1], read(pair[0], buf, 10));
        WITH(0, pair[1], recv(pair[0], buf, 10, 0));
        memset(&msg, 0, sizeof msg);
        msg.msg_iov = &iov;
        msg.msg_iovlen = 1;
        WITH(0, pair[1], recvmsg(pair[0], &msg, 0));
        WITH(0, pair[1], readv(pair[0], &iov, 1));
        WITH(0, p[1], read(p[0], buf, 10));
        WITH(1, -1, accept(listener, NULL, NULL));
        WITH(1, -1, accept4(listener, NULL, NULL, SOCK_NONBLOCK));
        fds[0] = socket(AF_INET, SOCK_STREAM, 0);
        SAY(connect(fds[0], ADDR(a)));
        /* Always interrupted, whatever the flag. */
        pf.fd = p[0];
        pf.events = POLLIN;
        soon();
        SAY(poll(&pf, 1, 1000));
        FD_ZERO(&set);
        FD_SET(p[0], &set);
        soon();
        SAY(select(p[0] + 1, &set, NULL, NULL, &tenth));
        e = epoll_create1(0);
        ev.events = EPOLLIN;
        ev.data.fd = p[0];
        epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev);
        soon();
        SAY(epoll_wait(e, &ev, 1, 1000));
        soon();
        SAY(nanosleep(&ts, &ts));
        printf("left of the sleep: %d\n", ts.tv_nsec > 100000000);
        soon();
        SAY(pause());
        soon();
        SAY(usleep(200000));
        soon();
        n = sleep(1);
        printf("sleep(1) = %d\n", n);
        /* With a timeout a socket's call is never made again. */
        SAY(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &half, sizeof half));
        soon();
        SAY(recv(pair[0], buf, 10, 0));
        SAY(setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof half));
        soon();
        SAY(recvfrom(u, buf, 10, 0, NULL, NULL));
        SAY(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof half));
        soon();
        e = accept(listener, NULL, NULL); /* the connection above */
        printf("accept %d\n", e >= 0);
        setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
        soon();
        SAY(accept(listener, NULL, NULL));
        /* A writer that has to wait. */
        fcntl(p[1], F_SETFL, O_NONBLOCK);
        while (write(p[1], big, 4096) > 0)
            ;
        fcntl(p[1], F_SETFL, 0);
        WITH(2, p[0], write(p[1], big, 100));
        printf("rung %d\n", rung);
        rung = 0;
        close(pair[0]);
        close(pair[1]);
        close(p[0]);
        close(p[1]);
        close(listener);
        close(u);
        close(fds[0]);
        close(e);
    }
    return 0;
}
