/* IPv4 through IPv6 sockets: mapped addresses, IPV6_V6ONLY, names on both sides, UDP and TCP. */
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
static struct sockaddr_in6 six(const char *ip, int port)
{
    struct sockaddr_in6 a;
    memset(&a, 0, sizeof a);
    a.sin6_family = AF_INET6;
    a.sin6_port = htons(port);
    inet_pton(AF_INET6, ip, &a.sin6_addr);
    return a;
}

static void show(const char *what, int s, int peer)
{
    struct sockaddr_storage a;
    socklen_t len = sizeof a;
    char text[60];
    int ret, port;
    memset(&a, 0, sizeof a);
    ret = peer ? getpeername(s, (struct sockaddr *)&a, &len) : getsockname(s, (struct sockaddr *)&a, &len);
    if (ret < 0) {
        printf("%s: %s\n", what, strerror(errno));
        return;
    }
    if (a.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&a)->sin6_addr, text, sizeof text);
    else
        inet_ntop(AF_INET, &((struct sockaddr_in *)&a)->sin_addr, text, sizeof text);
    port = ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port : ((struct sockaddr_in *)&a)->sin_port);
    printf("%s: %s port %s, %d bytes\n", what, text, port >= 32768 ? "ephemeral" : port ? "fixed" : "none", (int)len);
}

int main(void)
{
    static const char *ips[] = { "::", "::1", "::ffff:127.0.0.1", "::ffff:0.0.0.0", "::ffff:127.0.0.2", "::ffff:192.0.2.1", "2001:db8::1" };
    struct sockaddr_in four;
    struct sockaddr_in6 a;
    int i, s, c, l, v6only, type, one = 1;
    socklen_t len;
    char buf[10];
    for (type = SOCK_STREAM; type <= SOCK_DGRAM; type++)
        for (v6only = 0; v6only < 2; v6only++)
            for (i = 0; i < 7; i++) {
                printf("-- type %d v6only %d %s\n", type, v6only, ips[i]);
                s = socket(AF_INET6, type, 0);
                SAY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only));
                a = six(ips[i], 7000);
                SAY(bind(s, ADDR(a)));
                show("bound", s, 0);
                SAY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one));
                close(s);
                s = socket(AF_INET6, type, 0);
                setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
                a = six(ips[i], 7001);
                SAY(connect(s, ADDR(a)));
                show("own", s, 0);
                show("peer", s, 1);
                if (type == SOCK_DGRAM) {
                    close(s);
                    s = socket(AF_INET6, type, 0);
                    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
                    SAY(sendto(s, "x", 1, 0, ADDR(a)));
                    show("own", s, 0);
                }
                close(s);
            }
    l = socket(AF_INET6, SOCK_STREAM, 0);
    a = six("::", 7002);
    SAY(bind(l, ADDR(a)));
    SAY(listen(l, 3));
    four = at("127.0.0.1", 7002);
    c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(four)));
    len = sizeof a;
    SAY((s = accept(l, (struct sockaddr *)&a, &len)) >= 0);
    show("accepted", s, 0);
    show("accepted's peer", s, 1);
    show("client", c, 0);
    show("client's peer", c, 1);
    SAY(setsockopt(s, IPPROTO_IP, IP_TTL, &one, sizeof one));
    SAY(setsockopt(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &one, sizeof one));
    c = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(four)));
    a = six("::ffff:127.0.0.1", 7002);
    SAY(connect(c, ADDR(a)));
    show("mapped client", c, 0);
    c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(a)));
    SAY(bind(c, ADDR(a)));
    c = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(bind(c, ADDR(four)));
    SAY(connect(c, (struct sockaddr *)&a, 24));
    SAY(connect(c, (struct sockaddr *)&a, 23));
    s = socket(AF_INET6, SOCK_DGRAM, 0);
    a = six("::", 7003);
    SAY(bind(s, ADDR(a)));
    c = socket(AF_INET, SOCK_DGRAM, 0);
    four = at("127.0.0.1", 7003);
    SAY(sendto(c, "hello", 5, 0, ADDR(four)));
    len = sizeof a;
    SAY(recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&a, &len));
    printf("from mapped %d, %d bytes\n", IN6_IS_ADDR_V4MAPPED(&a.sin6_addr) != 0, (int)len);
    SAY(sendto(s, "back", 4, 0, (struct sockaddr *)&a, len));
    SAY(recv(c, buf, sizeof buf, 0));
    SAY(sendto(s, "x", 1, 0, ADDR(four)));
    return 0;
}
