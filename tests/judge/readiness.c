/* poll and select at their edges: nothing to watch, closed and wrong descriptors, both ends of a pipe. */
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
    int p[2];
    char buf[8];
    struct timeval none = { 0, 0 }, wrong = { -1, 0 };
    struct pollfd f[3];
    fd_set set;
    SAY(poll(NULL, 0, 0));
    SAY(poll(NULL, 0, 10));
    SAY(pipe(p));
    f[0] = (struct pollfd){ p[0], POLLIN, 0 };
    f[1] = (struct pollfd){ p[1], POLLOUT, 0 };
    f[2] = (struct pollfd){ 77, POLLIN, 0 };
    SAY(poll(f, 3, 0));
    printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
    f[2].fd = -1;
    SAY(poll(f, 3, 0));
    printf("%x %x %x\n", f[0].revents, f[1].revents, f[2].revents);
    SAY(write(p[1], "x", 1));
    f[0].events = 0;
    SAY(poll(f, 1, 0));
    f[0].events = POLLIN | POLLPRI;
    SAY(poll(f, 1, -1));
    SAY(close(p[1]));
    SAY(poll(f, 1, 0));
    printf("%x\n", f[0].revents);
    SAY(read(p[0], buf, 8));
    SAY(poll(f, 1, 0));
    printf("%x\n", f[0].revents);
    FD_ZERO(&set);
    SAY(select(0, NULL, NULL, NULL, &none));
    SAY(select(-1, NULL, NULL, NULL, &none));
    SAY(select(1, NULL, NULL, NULL, &wrong));
    FD_SET(p[0], &set);
    SAY(select(p[0] + 1, &set, NULL, NULL, &none));
    FD_SET(p[1], &set);
    SAY(select(p[1] + 1, &set, NULL, NULL, &none));
    SAY(poll((struct pollfd *)8, 1, 0));
    SAY(pipe(p));
    SAY(close(p[0]));
    f[0] = (struct pollfd){ p[1], POLLOUT, 0 };
    SAY(poll(f, 1, 0));
    printf("%x\n", f[0].revents);
    return 0;
}
