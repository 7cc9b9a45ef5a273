/* An IPv6 socket takes IPv4 connections too, unless IPV6_V6ONLY. */
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
    int one = 1, zero = 0;
    char text[64];
    struct sockaddr_in6 any6, peer;
    socklen_t len = sizeof peer;
    struct sockaddr_in a = at("127.0.0.1", 7200);
    memset(&any6, 0, sizeof any6);
    any6.sin6_family = AF_INET6;
    any6.sin6_port = htons(7200);
    int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero));
    SAY(bind(l, ADDR(any6)));
    SAY(setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one));
    SAY(listen(l, 1));
    SAY(connect(c, ADDR(a)));
    int s = accept(l, (struct sockaddr *)&peer, &len);
    printf("%s\n", inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof text));
    SAY(getsockname(s, (struct sockaddr *)&peer, &len));
    printf("%s\n", inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof text));
    int b = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(b, ADDR(a)));
    int six = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(setsockopt(six, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one));
    any6.sin6_port = htons(7201);
    a.sin_port = htons(7201);
    SAY(bind(six, ADDR(any6)));
    SAY(bind(b, ADDR(a)));
    int m = socket(AF_INET6, SOCK_DGRAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);
    a.sin_port = htons(6300);
    SAY(bind(u, ADDR(a)));
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &any6.sin6_addr);
    any6.sin6_port = htons(6300);
    SAY(sendto(m, "mapped", 6, 0, ADDR(any6)));
    SAY(recv(u, text, sizeof text, 0));
    SAY(connect(six, ADDR(any6)));
    return 0;
}
