/* Closes first and wants its port again: TIME_WAIT is in the way, SO_REUSEADDR lets it. */
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

static int serve(int reuse)
{
    struct sockaddr_in any = at("0.0.0.0", 7000);
    int l = socket(AF_INET, SOCK_STREAM, 0);
    SAY(setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse));
    SAY(bind(l, ADDR(any)));
    return l;
}

int main(void)
{
    char buf[8];
    int l = serve(0);
    SAY(listen(l, 1));
    int c = accept(l, NULL, NULL);
    SAY(shutdown(c, SHUT_WR));
    SAY(recv(c, buf, sizeof buf, 0));
    SAY(close(c));
    SAY(close(l));
    usleep(50000);
    SAY(close(serve(0)));
    SAY(close(serve(1)));
    return 0;
}
