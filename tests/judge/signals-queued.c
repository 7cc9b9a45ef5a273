/* signal(7): what is pending is delivered once, real-time signals as often as they were sent and in
   their order; siginfo, masks of handlers, SA_RESETHAND, SA_NODEFER, SIGCHLD with and without
   SA_NOCLDWAIT. */
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
static volatile int count;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("  %d: code %d, value %d, from me %d\n", signal == SIGUSR1 ? 1 : signal == SIGUSR2 ? 2 : signal - SIGRTMIN + 100,
           info->si_code, info->si_code == SI_QUEUE ? info->si_value.sival_int : 0,
           info->si_code <= 0 && info->si_pid == getpid());
    count++;
}

static void nested(int signal)
{
    count++;
    printf("  in %d\n", count);
    if (count < 3)
        raise(signal);
    printf("  out\n");
}

static void on(int signal, int flags, void (*handler)(int))
{
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_handler = handler;
    act.sa_flags = flags;
    sigaction(signal, &act, NULL);
}

int main(void)
{
    sigset_t set, old, pending;
    struct sigaction act;
    union sigval value;
    int i, status;
    pid_t child;
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(&act, 0, sizeof act);
    act.sa_sigaction = note;
    act.sa_flags = SA_SIGINFO;
    sigfillset(&act.sa_mask);
    SAY(sigaction(SIGUSR1, &act, NULL));
    SAY(sigaction(SIGUSR2, &act, NULL));
    SAY(sigaction(SIGRTMIN, &act, NULL));
    SAY(sigaction(SIGRTMIN + 1, &act, NULL));
    SAY(sigaction(SIGKILL, &act, NULL));
    SAY(sigaction(65, &act, NULL));
    SAY(sigaction(0, &act, NULL));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGRTMIN + 1);
    SAY(sigprocmask(SIG_BLOCK, &set, &old));
    for (i = 0; i < 3; i++) {
        value.sival_int = i;
        SAY(sigqueue(getpid(), SIGRTMIN + 1, value));
        SAY(sigqueue(getpid(), SIGRTMIN, value));
        SAY(kill(getpid(), SIGUSR2));
        SAY(kill(getpid(), SIGUSR1));
        SAY(sigqueue(getpid(), SIGUSR1, value));
    }
    SAY(sigpending(&pending));
    printf("pending %d%d%d%d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2),
           sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGTERM));
    SAY(sigprocmask(SIG_SETMASK, &old, NULL));
    printf("%d in all\n", count);
    SAY(sigprocmask(77, &set, NULL));
    SAY(kill(getpid(), 0));
    SAY(kill(getpid(), 65));
    SAY(kill(999999, 0));
    SAY(sigqueue(getpid(), 0, value));
    count = 0;
    on(SIGUSR1, 0, nested);
    printf("blocked while it runs\n");
    raise(SIGUSR1);
    count = 0;
    on(SIGUSR1, SA_NODEFER, nested);
    printf("not blocked\n");
    raise(SIGUSR1);
    on(SIGUSR1, SA_RESETHAND, nested);
    count = 5;
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &act);
    printf("reset: %d\n", act.sa_handler == SIG_DFL);
    /* Children. */
    if ((child = fork()) == 0)
        _exit(3);
    SAY(waitpid(child, &status, 0) == child);
    printf("status %#x\n", status);
    on(SIGCHLD, SA_NOCLDWAIT, SIG_DFL);
    if ((child = fork()) == 0)
        _exit(3);
    SAY(waitpid(child, &status, 0));
    on(SIGCHLD, 0, SIG_IGN);
    if ((child = fork()) == 0)
        _exit(3);
    SAY(wait(&status));
    on(SIGCHLD, 0, SIG_DFL);
    if ((child = fork()) == 0) {
        pause();
        _exit(0);
    }
    SAY(kill(child, SIGSTOP));
    SAY(waitpid(child, &status, WUNTRACED) == child);
    printf("status %#x, stopped by %d\n", status, WSTOPSIG(status) == SIGSTOP);
    SAY(kill(child, SIGCONT));
    SAY(waitpid(child, &status, WCONTINUED) == child);
    printf("continued %d\n", WIFCONTINUED(status) != 0);
    SAY(kill(child, SIGTERM));
    SAY(waitpid(child, &status, 0) == child);
    printf("status %#x\n", status);
    SAY(kill(child, 0));
    return 0;
}
