/* eventfd, timerfd, signalfd, alone and under epoll. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *what, long n) { printf("%s: %ld %s\n", what, n, n < 0 ? strerror(errno) : ""); }

static int ready(int fd)
{
    struct pollfd p = { fd, POLLIN | POLLOUT, 0 };
    poll(&p, 1, 0);
    return p.revents;
}

int main(void)
{
    uint64_t value;
    char bytes[16];
    setvbuf(stdout, NULL, _IONBF, 0);

    int e = eventfd(2, EFD_NONBLOCK);
    printf("ready %#x\n", ready(e));
    show("short read", read(e, bytes, 4));
    show("read", read(e, &value, 8));
    printf("value %d ready %#x\n", (int)value, ready(e));
    show("empty", read(e, &value, 8));
    value = 5;
    show("write", write(e, &value, 8));
    show("short write", write(e, &value, 7));
    value = UINT64_MAX;
    show("too much", write(e, &value, 8));
    value = UINT64_MAX - 1 - 5;
    show("full", write(e, &value, 8));
    printf("ready %#x\n", ready(e));
    value = 1;
    show("no room", write(e, &value, 8));
    show("bad flags", eventfd(0, 77));
    int s = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
    for (int i = 0; i < 4; i++) {
        value = 0;
        long n = read(s, &value, 8);
        show("semaphore", n);
    }
    show("send", send(e, "x", 1, 0));
    show("lseek", lseek(e, 0, SEEK_SET));

    int t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec spec = { { 0, 0 }, { 0, 20000000 } }, old;
    show("bad clock", timerfd_create(99, 0));
    show("bad flags", timerfd_create(CLOCK_MONOTONIC, 4));
    show("unarmed", read(t, &value, 8));
    show("settime", timerfd_settime(t, 0, &spec, &old));
    printf("was %ld.%09ld\n", (long)old.it_value.tv_sec, old.it_value.tv_nsec);
    show("not yet", read(t, &value, 8));
    printf("ready %#x\n", ready(t));
    usleep(50000);
    printf("ready %#x\n", ready(t));
    show("short", read(t, bytes, 4));
    show("read", read(t, &value, 8));
    printf("ticks %d\n", (int)value);
    show("write", write(t, &value, 8));
    timerfd_gettime(t, &old);
    printf("left %ld.%09ld\n", (long)old.it_value.tv_sec, old.it_value.tv_nsec);
    spec.it_value.tv_nsec = 1000000000;
    show("bad time", timerfd_settime(t, 0, &spec, NULL));
    spec.it_value.tv_nsec = 20000000;
    spec.it_interval.tv_nsec = 20000000;
    timerfd_settime(t, 0, &spec, NULL);
    usleep(70000);
    show("read", read(t, &value, 8));
    printf("ticks %d\n", (int)value);
    show("not a timer", timerfd_settime(e, 0, &spec, NULL));

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int f = signalfd(-1, &set, SFD_NONBLOCK);
    struct signalfd_siginfo info[3];
    show("nothing", read(f, info, sizeof info[0]));
    show("short", read(f, info, 10));
    raise(SIGUSR1);
    raise(SIGUSR1);
    printf("ready %#x\n", ready(f));
    show("read", read(f, info, sizeof info));
    printf("signal %d code %d %s\n", (int)info[0].ssi_signo, info[0].ssi_code, info[0].ssi_pid == (unsigned)getpid() ? "from me" : "");
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    struct pollfd p = { f, POLLIN, 0 };
    show("poll", poll(&p, 1, 2000));
    show("read", read(f, info, sizeof info));
    printf("signal %d code %d status %d %s\n", (int)info[0].ssi_signo, info[0].ssi_code, info[0].ssi_status,
           info[0].ssi_pid == (unsigned)child ? "of the child" : "");
    wait(NULL);
    show("not a signalfd", signalfd(e, &set, 0));

    int ep = epoll_create1(0);
    int fds[3] = { e, t, f };
    struct epoll_event event, events[4];
    read(e, &value, 8);
    for (int i = 0; i < 3; i++) {
        memset(&event, 0, sizeof event);
        event.events = EPOLLIN;
        event.data.u32 = (uint32_t)i;
        epoll_ctl(ep, EPOLL_CTL_ADD, fds[i], &event);
    }
    spec.it_interval.tv_nsec = 0;
    timerfd_settime(t, 0, &spec, NULL);
    show("epoll", epoll_wait(ep, events, 4, 2000));
    printf("who %u\n", events[0].data.u32);
    read(t, &value, 8);
    value = 1;
    write(e, &value, 8);
    show("epoll", epoll_wait(ep, events, 4, 2000));
    printf("who %u\n", events[0].data.u32);
    read(e, &value, 8);
    kill(getpid(), SIGUSR1);
    show("epoll", epoll_wait(ep, events, 4, 2000));
    printf("who %u\n", events[0].data.u32);
    return 0;
}
