/* Signals: handlers, masks, EINTR, SA_RESTART, alarm. */
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


static volatile int got;
static void on_signal(int n) { got = n; }

int main(void)
{
    struct sigaction sa, old;
    char buf[16];
    int p[2];
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = on_signal;
    SAY(sigaction(SIGUSR1, &sa, &old));
    printf("default before: %d\n", old.sa_handler == SIG_DFL);
    SAY(sigaction(SIGKILL, &sa, NULL));
    SAY(sigaction(0, &sa, NULL));
    SAY(sigaction(65, &sa, NULL));
    SAY(raise(SIGUSR1));
    printf("got %d\n", got);
    sigset_t set, was, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    got = 0;
    SAY(sigprocmask(SIG_BLOCK, &set, &was));
    SAY(raise(SIGUSR1));
    printf("blocked: got %d\n", got);
    SAY(sigprocmask(SIG_SETMASK, &was, NULL));
    printf("unblocked: got %d\n", got);
    SAY(sigprocmask(99, &set, NULL));
    (void)pending;
    sigaction(SIGALRM, &sa, NULL);
    SAY(alarm(1));
    pipe(p);
    SAY(read(p[0], buf, 16));
    printf("got %d\n", got);
    got = 0;
    struct itimerval t = { { 0, 0 }, { 0, 50000 } };
    SAY(setitimer(ITIMER_REAL, &t, NULL));
    SAY(pause());
    printf("got %d\n", got);
    tcp_pair(p);
    SAY(setitimer(ITIMER_REAL, &t, NULL));
    SAY(recv(p[0], buf, 16, 0));
    SAY(setitimer(ITIMER_REAL, &t, NULL));
    SAY(accept(listener, NULL, NULL));
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    SAY(setitimer(ITIMER_REAL, &t, NULL));
    SAY(poll(NULL, 0, 2000));
    SAY(kill(getpid(), 0));
    SAY(kill(getpid(), 65));
    signal(SIGUSR2, SIG_IGN);
    SAY(raise(SIGUSR2));
    return 0;
}
