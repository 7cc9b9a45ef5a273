/* AF_UNIX SOCK_SEQPACKET: a connection that keeps boundaries. */
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
    char buf[64];
    struct sockaddr_un u;
    memset(&u, 0, sizeof u);
    u.sun_family = AF_UNIX;
    strcpy(u.sun_path, "/tmp/seq");
    int l = socket(AF_UNIX, SOCK_SEQPACKET, 0), c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    SAY(connect(c, ADDR(u)));
    SAY(bind(l, ADDR(u)));
    SAY(connect(c, ADDR(u)));
    SAY(listen(l, 1));
    SAY(connect(c, ADDR(u)));
    int s = accept(l, NULL, NULL);
    SAY(send(c, "um", 2, 0));
    SAY(send(c, "dois", 4, 0));
    SAY(send(c, "", 0, 0));
    SAY(recv(s, buf, 1, 0));
    SAY(recv(s, buf, 2, MSG_TRUNC));
    SAY(recv(s, buf, 64, 0));
    SAY(recv(s, buf, 64, MSG_DONTWAIT));
    SAY(shutdown(c, SHUT_WR));
    SAY(recv(s, buf, 64, 0));
    SAY(send(c, "x", 1, MSG_NOSIGNAL));
    SAY(send(s, "back", 4, 0));
    SAY(recv(c, buf, 64, 0));
    SAY(close(s));
    SAY(recv(c, buf, 64, 0));
    int d = socket(AF_UNIX, SOCK_DGRAM, 0);
    SAY(connect(d, ADDR(u)));
    SAY(unlink("/tmp/seq"));
    return 0;
}
