/* The accept queue holds backlog + 1; accept frees a place. */
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


int main(void)
{
    for (int backlog = 0; backlog < 4; backlog++) {
        struct sockaddr_in a = at("127.0.0.1", 7130 + backlog);
        int s = socket(AF_INET, SOCK_STREAM, 0), established = 0;
        bind(s, ADDR(a));
        listen(s, backlog);
        struct pollfd c[8];
        for (int i = 0; i < 8; i++) {
            c[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            c[i].events = POLLOUT;
            connect(c[i].fd, ADDR(a));
        }
        poll(NULL, 0, 100);
        poll(c, 8, 0);
        for (int i = 0; i < 8; i++)
            established += (c[i].revents & POLLOUT) != 0;
        printf("backlog %d: %d established\n", backlog, established);
        for (int i = 0; i < 8; i++)
            close(c[i].fd);
        close(s);
    }
    return 0;
}
