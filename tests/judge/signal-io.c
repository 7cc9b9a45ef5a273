/* Signal-driven input and output (fcntl(2), "Signals"): what is told of each kind of descriptor. */
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
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char told[1024];

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)context;
    char one[64];
    snprintf(one, sizeof one, " %s/%d fd %d band %#lx", signal == SIGIO ? "SIGIO" : signal == SIGURG ? "SIGURG" : "RT",
             info->si_code, info->si_fd, info->si_band);
    if (strlen(told) + strlen(one) < sizeof told)
        strcat(told, one);
}

static void step(const char *what)
{
    printf("%-40s%s\n", what, told[0] ? told : " nothing");
    told[0] = 0;
}

static void want(int fd, int signal)
{
    fcntl(fd, F_SETOWN, getpid());
    if (signal)
        fcntl(fd, F_SETSIG, signal);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC | O_NONBLOCK);
}

static struct sockaddr_in at;
static char buffer[300000];

static void pipes(void)
{
    int p[2];
    pipe(p);
    want(p[0], SIGRTMIN);
    want(p[1], SIGRTMIN);
    step("pipe");
    write(p[1], "ab", 2);
    step("pipe write");
    write(p[1], "cd", 2);
    step("pipe write again");
    read(p[0], buffer, 2);
    step("pipe read a part");
    read(p[0], buffer, 10);
    step("pipe read the rest");
    read(p[0], buffer, 10);
    step("pipe read EAGAIN");
    while (write(p[1], buffer, 65536) > 0)
        ;
    step("pipe full");
    read(p[0], buffer, 10);
    step("pipe read 10 of a full one");
    read(p[0], buffer, 65536);
    step("pipe read all");
    close(p[1]);
    step("pipe writer closed");
    close(p[0]);
    pipe(p);
    want(p[1], SIGRTMIN);
    close(p[0]);
    step("pipe reader closed");
    close(p[1]);
    pipe(p);
    want(p[0], 0);
    write(p[1], "x", 1);
    step("pipe without F_SETSIG");
    fcntl(p[0], F_SETOWN, 0);
    write(p[1], "x", 1);
    step("pipe without an owner");
    fcntl(p[0], F_SETOWN, -getpgrp());
    write(p[1], "x", 1);
    step("pipe owned by the group");
    fcntl(p[0], F_SETSIG, SIGURG);
    write(p[1], "x", 1);
    step("pipe F_SETSIG SIGURG");
    fcntl(p[0], F_SETSIG, SIGIO);
    write(p[1], "x", 1);
    step("pipe F_SETSIG SIGIO");
    fcntl(p[0], F_SETFL, 0);
    write(p[1], "x", 1);
    step("pipe without O_ASYNC");
    int on = 1;
    ioctl(p[0], FIOASYNC, &on);
    write(p[1], "x", 1);
    step("pipe FIOASYNC");
    int d = dup(p[0]);
    close(p[0]);
    write(p[1], "x", 1);
    step("pipe's duplicate");
    fcntl(d, F_SETFL, O_ASYNC);
    write(p[1], "x", 1);
    step("pipe's duplicate, set again");
    close(d);
    close(p[1]);
}

static void pairs(int type, const char *name)
{
    int s[2];
    char what[64];
    socketpair(AF_UNIX, type, 0, s);
    want(s[0], SIGRTMIN);
    want(s[1], SIGRTMIN);
    send(s[1], "ab", 2, 0);
    snprintf(what, sizeof what, "%s send", name);
    step(what);
    recv(s[0], buffer, 1, 0);
    recv(s[0], buffer, 1, 0);
    snprintf(what, sizeof what, "%s receive", name);
    step(what);
    while (send(s[1], buffer, 30000, 0) > 0)
        ;
    told[0] = 0;
    while (recv(s[0], buffer, sizeof buffer, 0) > 0)
        ;
    snprintf(what, sizeof what, "%s emptied", name);
    step(what);
    shutdown(s[1], SHUT_WR);
    snprintf(what, sizeof what, "%s SHUT_WR", name);
    step(what);
    shutdown(s[1], SHUT_RD);
    snprintf(what, sizeof what, "%s SHUT_RD", name);
    step(what);
    close(s[1]);
    snprintf(what, sizeof what, "%s closed", name);
    step(what);
    close(s[0]);
    socketpair(AF_UNIX, type, 0, s);
    want(s[0], SIGRTMIN);
    close(s[1]);
    snprintf(what, sizeof what, "%s closed at once", name);
    step(what);
    close(s[0]);
}

static void unix_listener(void)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "" };
    strcpy(un.sun_path + 1, "sigio");
    int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(l, (struct sockaddr *)&un, 10);
    listen(l, 3);
    want(l, SIGRTMIN);
    want(c, SIGRTMIN);
    connect(c, (struct sockaddr *)&un, 10);
    step("unix connect");
    int a = accept(l, NULL, NULL);
    step("unix accept");
    printf("inherited %d\n", fcntl(a, F_GETFL) & O_ASYNC);
    close(a);
    step("unix accepted closed");
    close(l);
    close(c);
    step("unix rest closed");
}

static void udp(void)
{
    struct sockaddr_in to = at;
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
    bind(s, (struct sockaddr *)&at, sizeof at);
    want(s, SIGRTMIN);
    want(c, SIGRTMIN);
    sendto(c, "ab", 2, 0, (struct sockaddr *)&at, sizeof at);
    step("udp send");
    sendto(c, "", 0, 0, (struct sockaddr *)&at, sizeof at);
    step("udp send nothing");
    recv(s, buffer, 10, 0);
    step("udp receive");
    to.sin_port = htons(9);
    connect(c, (struct sockaddr *)&to, sizeof to);
    send(c, "x", 1, 0);
    step("udp to a closed port");
    close(s);
    close(c);
}

static void tcp(int reset)
{
    int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bind(l, (struct sockaddr *)&at, sizeof at);
    want(l, SIGRTMIN);
    want(c, SIGRTMIN);
    step("tcp fresh");
    listen(l, 3);
    step("tcp listen");
    connect(c, (struct sockaddr *)&at, sizeof at);
    step("tcp connect");
    int a = accept(l, NULL, NULL);
    step("tcp accept");
    want(a, SIGRTMIN);
    send(c, "ab", 2, 0);
    step("tcp send");
    send(c, "ab", 2, 0);
    step("tcp send again");
    recv(a, buffer, 10, 0);
    step("tcp receive");
    send(c, "u", 1, MSG_OOB);
    step("tcp urgent");
    fcntl(a, F_SETSIG, 0);
    send(c, "u", 1, MSG_OOB);
    step("tcp urgent without F_SETSIG");
    fcntl(a, F_SETSIG, SIGRTMIN);
    if (reset) {
        struct linger hard = { 1, 0 };
        setsockopt(c, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close(c);
        step("tcp reset");
    } else {
        shutdown(c, SHUT_WR);
        step("tcp SHUT_WR");
        shutdown(a, SHUT_WR);
        step("tcp SHUT_WR back");
        close(c);
        step("tcp closed");
    }
    close(a);
    close(l);
    step("tcp all closed");
    c = socket(AF_INET, SOCK_STREAM, 0);
    want(c, SIGRTMIN);
    connect(c, (struct sockaddr *)&at, sizeof at);
    step("tcp refused");
    close(c);
}

static void tcp_shut(void)
{
    int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bind(l, (struct sockaddr *)&at, sizeof at);
    listen(l, 3);
    connect(c, (struct sockaddr *)&at, sizeof at);
    int a = accept(l, NULL, NULL);
    want(a, SIGRTMIN);
    want(c, SIGRTMIN);
    shutdown(a, SHUT_WR);
    step("tcp SHUT_WR");
    shutdown(c, SHUT_RD);
    step("tcp SHUT_RD there");
    shutdown(c, SHUT_WR);
    step("tcp SHUT_WR there");
    close(a);
    close(c);
    step("tcp closed");
    c = socket(AF_INET, SOCK_STREAM, 0);
    connect(c, (struct sockaddr *)&at, sizeof at);
    a = accept(l, NULL, NULL);
    want(a, SIGRTMIN);
    shutdown(a, SHUT_RDWR);
    step("tcp SHUT_RDWR");
    close(c);
    step("tcp other closed");
    close(a);
    shutdown(l, SHUT_RD);
    step("tcp listener shut");
    close(l);
}

int main(void)
{
    struct sigaction act;
    at.sin_family = AF_INET;
    at.sin_port = htons(4200);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memset(&act, 0, sizeof act);
    act.sa_sigaction = handler;
    act.sa_flags = SA_SIGINFO;
    sigaction(SIGIO, &act, NULL);
    sigaction(SIGURG, &act, NULL);
    sigaction(SIGRTMIN, &act, NULL);
    setvbuf(stdout, NULL, _IONBF, 0);
    setpgid(0, 0);
    pipes();
    pairs(SOCK_STREAM, "stream");
    pairs(SOCK_DGRAM, "dgram");
    pairs(SOCK_SEQPACKET, "seqpacket");
    unix_listener();
    udp();
    tcp(0);
    tcp(1);
    tcp_shut();
    return 0;
}
