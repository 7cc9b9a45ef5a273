/* Descriptors: the lowest free number, dup, dup2, dup3, fcntl, the limit. */
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

#include <sys/resource.h>

int main(void)
{
    int p[2];
    SAY(pipe(p));
    SAY(dup(p[0]));
    SAY(close(p[0]));
    SAY(dup(p[1]));
    SAY(dup2(1, 1));
    SAY(dup2(99, 5));
    SAY(dup2(1, -1));
    SAY(dup2(1, 1 << 24));
    SAY(dup2(p[1], 20));
    SAY(dup(1));
    SAY(dup3(1, 1, 0));
    SAY(dup3(1, 21, O_CLOEXEC));
    SAY(fcntl(21, F_GETFD));
    SAY(fcntl(21, F_SETFD, 0));
    SAY(fcntl(21, F_GETFD));
    SAY(fcntl(p[1], F_DUPFD, 30));
    SAY(fcntl(p[1], F_DUPFD_CLOEXEC, 30));
    SAY(fcntl(31, F_GETFD));
    SAY(fcntl(99, F_GETFD));
    SAY(fcntl(p[1], F_GETFL));
    SAY(fcntl(p[1], F_SETFL, O_NONBLOCK));
    SAY(fcntl(20, F_GETFL));
    SAY(fcntl(p[1], 12345, 0));
    SAY(close(99));
    SAY(close(-1));
    struct rlimit l = { 8, 8 };
    SAY(setrlimit(RLIMIT_NOFILE, &l));
    SAY(dup(1));
    SAY(dup(1));
    SAY(dup(1));
    SAY(dup(1));
    SAY(socket(AF_INET, SOCK_STREAM, 0));
    SAY(pipe(p));
    SAY(dup2(1, 8));
    return 0;
}
