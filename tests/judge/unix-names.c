/* Names of Unix sockets, unix(7): paths, abstract names, autobind, lengths, unlinked and replaced
   files, and what a datagram socket says of its peer. */
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
static socklen_t name(struct sockaddr_un *a, const char *path, int abstract)
{
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    strcpy(a->sun_path + abstract, path);
    return offsetof(struct sockaddr_un, sun_path) + abstract + strlen(path) + !abstract;
}

static void show(const char *what, int s, int peer)
{
    union { struct sockaddr_un un; char room[128]; } big;
#define a big.un
    socklen_t len = sizeof big;
    int ret;
    memset(&big, 0, sizeof big);
    ret = peer ? getpeername(s, (struct sockaddr *)&a, &len) : getsockname(s, (struct sockaddr *)&a, &len);
    if (ret < 0)
        printf("%s: %s\n", what, strerror(errno));
    else if (len > 2 && a.sun_path[0] == 0)
        printf("%s: abstract, %d bytes\n", what, (int)len);
    else
        printf("%s: '%.100s', %d bytes\n", what, big.room + 2, (int)len);
#undef a
}

int main(void)
{
    union { struct sockaddr_un un; char room[128]; } big;
    struct sockaddr_un b, from;
    socklen_t la, lb, lf;
#define a big.un
    int s, c, d, l, i, n;
    char buf[32];
    struct stat st;
    s = socket(AF_UNIX, SOCK_DGRAM, 0);
    c = socket(AF_UNIX, SOCK_DGRAM, 0);
    show("unbound", s, 0);
    show("unbound's peer", s, 1);
    la = name(&a, "/tmp/server", 0);
    SAY(bind(s, (struct sockaddr *)&a, la));
    show("bound", s, 0);
    SAY(stat("/tmp/server", &st));
    printf("a socket: %d, mode %o\n", S_ISSOCK(st.st_mode), st.st_mode & 0777);
    SAY(open("/tmp/server", O_RDWR));
    SAY(bind(c, (struct sockaddr *)&a, 2));
    show("autobound", c, 0);
    SAY(bind(c, (struct sockaddr *)&a, 2));
    SAY(sendto(c, "one", 3, 0, (struct sockaddr *)&a, la));
    lf = sizeof from;
    SAY(recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&from, &lf));
    printf("from %d bytes, first %d\n", (int)lf, from.sun_path[0]);
    SAY(sendto(s, "two", 3, 0, (struct sockaddr *)&from, lf));
    SAY(recv(c, buf, sizeof buf, 0));
    SAY(connect(c, (struct sockaddr *)&a, la));
    show("connected, peer", c, 1);
    SAY(send(c, "three", 5, 0));
    SAY(unlink("/tmp/server"));
    SAY(send(c, "four", 4, 0));
    SAY(connect(c, (struct sockaddr *)&a, la));
    d = socket(AF_UNIX, SOCK_DGRAM, 0);
    SAY(bind(d, (struct sockaddr *)&a, la));
    SAY(send(c, "five", 4, 0));
    for (i = 0; i < 3; i++) {
        n = recv(s, buf, sizeof buf, MSG_DONTWAIT);
        printf("the first server gets %d\n", n);
    }
    SAY(recv(d, buf, sizeof buf, MSG_DONTWAIT));
    SAY(close(s));
    SAY(send(c, "six", 3, 0));
    SAY(send(c, "seven", 5, 0));
    memset(&b, 0, sizeof b);
    b.sun_family = AF_UNSPEC;
    SAY(connect(c, (struct sockaddr *)&b, sizeof b));
    show("disconnected, peer", c, 1);
    SAY(send(c, "eight", 5, 0));
    /* A connected server takes messages from its peer only. */
    lb = name(&b, "peer", 1);
    s = socket(AF_UNIX, SOCK_DGRAM, 0);
    SAY(bind(s, (struct sockaddr *)&b, lb));
    show("abstract", s, 0);
    SAY(connect(d, (struct sockaddr *)&b, lb));
    SAY(sendto(c, "nine", 4, 0, (struct sockaddr *)&a, la));
    SAY(sendto(s, "ten", 3, 0, (struct sockaddr *)&a, la));
    /* Abstract names: every byte counts, and they end with their socket. */
    l = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(bind(l, (struct sockaddr *)&b, lb));
    SAY(bind(l, (struct sockaddr *)&b, lb + 1));
    show("a zero more", l, 0);
    SAY(listen(l, 0));
    i = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(connect(i, (struct sockaddr *)&b, lb));
    SAY(connect(i, (struct sockaddr *)&b, lb + 1));
    show("stream client", i, 0);
    show("stream client's peer", i, 1);
    n = accept(l, (struct sockaddr *)&from, &lf);
    printf("accepted from %d bytes\n", (int)lf);
    show("accepted", n, 0);
    show("accepted's peer", n, 1);
    SAY(close(l));
    show("the listener is gone, accepted", n, 0);
    l = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    SAY(bind(l, (struct sockaddr *)&b, lb + 1));
    /* Lengths and families. */
    l = socket(AF_UNIX, SOCK_STREAM, 0);
    la = name(&a, "/tmp/long", 0);
    SAY(bind(l, (struct sockaddr *)&a, 1));
    SAY(bind(l, (struct sockaddr *)&a, 0));
    SAY(bind(l, (struct sockaddr *)&a, 111));
    a.sun_family = AF_INET;
    SAY(bind(l, (struct sockaddr *)&a, la));
    a.sun_family = AF_UNIX;
    SAY(bind(l, (struct sockaddr *)&a, la - 3));
    show("cut", l, 0);
    SAY(access("/tmp/lo", F_OK));
    l = socket(AF_UNIX, SOCK_STREAM, 0);
    memset(a.sun_path, 'p', 108);
    memcpy(a.sun_path, "/tmp/", 5);
    SAY(bind(l, (struct sockaddr *)&a, sizeof(struct sockaddr_un)));
    show("a whole path without its end", l, 0);
    SAY(connect(l, (struct sockaddr *)&a, sizeof(struct sockaddr_un)));
    /* Stream to datagram, datagram to stream. */
    la = name(&a, "/tmp/lo", 0);
    l = socket(AF_UNIX, SOCK_DGRAM, 0);
    SAY(connect(l, (struct sockaddr *)&a, la));
    SAY(sendto(l, "x", 1, 0, (struct sockaddr *)&a, la));
    la = name(&a, "/tmp/missing", 0);
    SAY(sendto(l, "x", 1, 0, (struct sockaddr *)&a, la));
    la = name(&a, "/tmp", 0);
    SAY(sendto(l, "x", 1, 0, (struct sockaddr *)&a, la));
    SAY(connect(l, (struct sockaddr *)&a, la));
    return 0;
}
