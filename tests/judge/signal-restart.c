/* A blocked accept(2) with SA_RESTART goes on after the handler. */
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


static void on_alarm(int n)
{
    (void)n;
    write(1, "handler\n", 8);
}

int main(void)
{
    struct sockaddr_in a = at("127.0.0.1", 7121);
    struct sigaction sa;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = on_alarm;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    bind(s, ADDR(a));
    listen(s, 1);
    pid_t child = fork();
    if (child == 0) {
        usleep(300000);
        int c = socket(AF_INET, SOCK_STREAM, 0);
        connect(c, ADDR(a));
        _exit(0);
    }
    struct itimerval t = { { 0, 0 }, { 0, 50000 } };
    setitimer(ITIMER_REAL, &t, NULL);
    SAY(accept(s, NULL, NULL) > 0);
    int status;
    SAY(waitpid(child, &status, 0) == child);
    return 0;
}
