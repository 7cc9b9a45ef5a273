/* setsockopt(2) and getsockopt(2): limits, normalisation, errors. */
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
    int s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0), v;
    socklen_t len = sizeof v;
#define SET(fd, level, name, value) v = value; SAY(setsockopt(fd, level, name, &v, sizeof v))
#define GET(fd, level, name) v = -99; len = sizeof v; SAY(getsockopt(fd, level, name, &v, &len)); printf("  %d (%d)\n", v, len)
    SAY(setsockopt(1, SOL_SOCKET, SO_REUSEADDR, &v, sizeof v));
    SAY(setsockopt(99, SOL_SOCKET, SO_REUSEADDR, &v, sizeof v));
    SAY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &v, 3));
    SAY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, NULL, 4));
    SET(s, 500, 1, 1);
    SET(s, SOL_SOCKET, 999, 1);
    SET(s, IPPROTO_IP, -1, 1);
    SET(u, IPPROTO_UDP, -1, 1);
    SET(u, IPPROTO_TCP, TCP_NODELAY, 1);
    GET(s, 500, 1);
    GET(s, IPPROTO_UDP, 1);
    GET(s, SOL_SOCKET, 999);
    GET(s, IPPROTO_TCP, -1);
    len = -1;
    SAY(getsockopt(s, SOL_SOCKET, SO_REUSEADDR, &v, &len));
    len = 1;
    v = 0;
    SAY(getsockopt(s, SOL_SOCKET, SO_REUSEADDR, &v, &len));
    printf("  len %d\n", len);
    GET(s, SOL_SOCKET, SO_KEEPALIVE);
    GET(s, SOL_SOCKET, SO_TYPE);
    GET(s, SOL_SOCKET, SO_DOMAIN);
    GET(s, SOL_SOCKET, SO_PROTOCOL);
    GET(u, SOL_SOCKET, SO_PROTOCOL);
    GET(s, SOL_SOCKET, SO_RCVBUF);
    GET(s, IPPROTO_TCP, TCP_NODELAY);
    GET(s, IPPROTO_TCP, TCP_KEEPIDLE);
    GET(s, IPPROTO_TCP, TCP_KEEPINTVL);
    GET(s, IPPROTO_TCP, TCP_KEEPCNT);
    GET(s, IPPROTO_TCP, TCP_SYNCNT);
    GET(s, IPPROTO_TCP, TCP_LINGER2);
    GET(s, IPPROTO_IP, IP_TOS);
    GET(s, IPPROTO_IP, IP_TTL);
    SET(s, SOL_SOCKET, SO_SNDBUF, 10000);
    GET(s, SOL_SOCKET, SO_SNDBUF);
    SET(s, SOL_SOCKET, SO_RCVBUF, 1);
    GET(s, SOL_SOCKET, SO_RCVBUF);
    SET(s, SOL_SOCKET, SO_REUSEADDR, 7);
    GET(s, SOL_SOCKET, SO_REUSEADDR);
    SET(s, SOL_SOCKET, SO_ERROR, 1);
    SET(s, IPPROTO_TCP, TCP_NODELAY, 5);
    GET(s, IPPROTO_TCP, TCP_NODELAY);
    SET(s, IPPROTO_TCP, TCP_MAXSEG, 10);
    SET(s, IPPROTO_TCP, TCP_MAXSEG, 75000);
    SET(s, IPPROTO_TCP, TCP_MAXSEG, 1000);
    GET(s, IPPROTO_TCP, TCP_MAXSEG);
    SET(s, IPPROTO_TCP, TCP_SYNCNT, 128);
    SET(s, IPPROTO_TCP, TCP_KEEPIDLE, 0);
    SET(s, IPPROTO_TCP, TCP_KEEPIDLE, 32768);
    SET(s, IPPROTO_TCP, TCP_KEEPCNT, 128);
    SET(s, IPPROTO_IP, IP_TTL, 256);
    SET(s, IPPROTO_IP, IP_TTL, -1);
    SET(s, IPPROTO_IP, IP_TTL, 9);
    GET(s, IPPROTO_IP, IP_TTL);
    SET(s, SOL_SOCKET, SO_RCVLOWAT, 0);
    GET(s, SOL_SOCKET, SO_RCVLOWAT);
    struct timeval t = { 0, -1 };
    SAY(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    t.tv_sec = 3;
    t.tv_usec = 250000;
    SAY(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    len = sizeof t;
    SAY(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, &len));
    printf("  %ld.%06ld\n", (long)t.tv_sec, (long)t.tv_usec);
    struct linger l = { 5, 6 };
    SAY(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, 4));
    SAY(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l));
    len = sizeof l;
    SAY(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &len));
    printf("  %d %d\n", l.l_onoff, l.l_linger);
    SAY(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "xyzzy", 5));
    SAY(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
    char name[16];
    len = sizeof name;
    SAY(getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &len));
    printf("  %s\n", name);
    SET(s, IPPROTO_TCP, TCP_LINGER2, -1);
    GET(s, IPPROTO_TCP, TCP_LINGER2);
    int x = socket(AF_UNIX, SOCK_STREAM, 0);
    SET(x, SOL_SOCKET, SO_REUSEPORT, 1);
    return 0;
}
