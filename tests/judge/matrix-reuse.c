/* SO_REUSEADDR and SO_REUSEPORT, all pairs, a line for each: TCP and UDP, bound before or after, wildcard or not,
   listening or not; and which socket gets a datagram. */
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
static int made(int type, const char *ip, int port, int addr, int many, int *out)
{
    struct sockaddr_in a = at(ip, port);
    int s = socket(AF_INET, type, 0), ret;
    if (addr)
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &addr, sizeof addr);
    if (many)
        setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &many, sizeof many);
    ret = bind(s, ADDR(a));
    *out = s;
    return ret < 0 ? errno : 0;
}

static const char *word(int error)
{
    return error == 0 ? "ok" : error == EADDRINUSE ? "in use" : strerror(error);
}

int main(void)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM };
    static const char *ips[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2" };
    int t, i, j, m, n, x, y, e, port = 7000, listening, u[4], k, c, got, one = 1, zero = 0;
    char buf[10];
    struct sockaddr_in a;
    struct sockaddr_in6 six;
    for (t = 0; t < 2; t++)
        for (listening = 0; listening < 2 - t; listening++)
            for (i = 0; i < 3; i++)
                for (j = 0; j < 3; j++)
                    for (m = 0; m < 4; m++)
                        for (n = 0; n < 4; n++) {
                            made(types[t], ips[i], port, m & 1, m & 2, &x);
                            if (listening)
                                listen(x, 1);
                            e = made(types[t], ips[j], port, n & 1, n & 2, &y);
                            printf("%d %d %s %d %s %d: %s", types[t], listening, ips[i], m, ips[j], n, word(e));
                            if (t == 0 && e == 0)
                                printf(", listen %s", listen(y, 1) < 0 ? word(errno) : "ok");
                            printf("\n");
                            close(x);
                            close(y);
                            port++;
                        }
    /* The option after the bind. */
    made(SOCK_DGRAM, "127.0.0.1", 9500, 0, 0, &x);
    SAY(setsockopt(x, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    printf("set after the bind: %s\n", word(made(SOCK_DGRAM, "127.0.0.1", 9500, 1, 0, &y)));
    close(y);
    SAY(setsockopt(x, SOL_SOCKET, SO_REUSEADDR, &zero, sizeof zero));
    printf("taken back: %s\n", word(made(SOCK_DGRAM, "127.0.0.1", 9500, 1, 0, &y)));
    close(x);
    close(y);
    /* The most particular one gets the datagram. */
    made(SOCK_DGRAM, "0.0.0.0", 9501, 1, 0, &u[0]);
    made(SOCK_DGRAM, "127.0.0.1", 9501, 1, 0, &u[1]);
    made(SOCK_DGRAM, "0.0.0.0", 9501, 1, 0, &u[2]);
    made(SOCK_DGRAM, "127.0.0.1", 9501, 1, 0, &u[3]);
    made(SOCK_DGRAM, "127.0.0.1", 9502, 0, 0, &c);
    a = at("127.0.0.1", 9502);
    SAY(connect(u[1], ADDR(a)));
    for (k = 0; k < 3; k++) {
        a = at(k == 1 ? "127.0.0.2" : "127.0.0.1", 9501);
        if (k == 2)
            SAY(close(u[1]));
        SAY(sendto(c, "x", 1, 0, ADDR(a)));
        for (got = 0; got < 4; got++)
            if (recv(u[got], buf, 1, MSG_DONTWAIT) == 1)
                printf("datagram %d: socket %d\n", k, got);
    }
    /* Both families. */
    memset(&six, 0, sizeof six);
    six.sin6_family = AF_INET6;
    for (k = 0; k < 8; k++) {
        int s6 = socket(AF_INET6, SOCK_STREAM, 0), v6only = k & 1;
        setsockopt(s6, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
        six.sin6_port = htons(9600 + k);
        e = made(SOCK_STREAM, k & 2 ? "127.0.0.1" : "0.0.0.0", 9600 + k, 0, 0, &x);
        printf("v6only %d, %s bound: ", v6only, k & 2 ? "127.0.0.1" : "0.0.0.0");
        printf("%s\n", bind(s6, ADDR(six)) < 0 ? word(errno) : "ok");
        close(s6);
        close(x);
    }
    return 0;
}
