/* AF_UNIX datagrams and abstract names. */
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


int main(void)
{
    struct sockaddr_un a, from;
    socklen_t len = sizeof from;
    char buf[64];
    int r = socket(AF_UNIX, SOCK_DGRAM, 0), s = socket(AF_UNIX, SOCK_DGRAM, 0), p[2];
    memset(&a, 0, sizeof a);
    a.sun_family = AF_UNIX;
    memcpy(a.sun_path, "\0judge", 6);
    socklen_t alen = offsetof(struct sockaddr_un, sun_path) + 6;
    SAY(bind(r, (struct sockaddr *)&a, alen));
    SAY(bind(s, (struct sockaddr *)&a, alen));
    SAY(accept(r, NULL, NULL));
    SAY(listen(r, 1));
    SAY(sendto(s, "one", 3, 0, (struct sockaddr *)&a, alen));
    SAY(sendto(s, "two!", 4, 0, (struct sockaddr *)&a, alen));
    SAY(recvfrom(r, buf, 64, 0, (struct sockaddr *)&from, &len));
    printf("sender's address: %d bytes\n", len);
    SAY(recv(r, buf, 2, MSG_TRUNC));
    SAY(recv(r, buf, 64, MSG_DONTWAIT));
    SAY(send(s, "x", 1, 0));
    SAY(connect(s, (struct sockaddr *)&a, alen));
    SAY(send(s, "x", 1, 0));
    SAY(recv(r, buf, 64, 0));
    SAY(close(r));
    SAY(send(s, "x", 1, 0));
    SAY(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, p));
    SAY(send(p[0], "abc", 3, 0));
    SAY(send(p[0], "de", 2, 0));
    SAY(recv(p[1], buf, 64, 0));
    SAY(recv(p[1], buf, 64, 0));
    SAY(close(p[0]));
    SAY(recv(p[1], buf, 64, 0));
    return 0;
}
