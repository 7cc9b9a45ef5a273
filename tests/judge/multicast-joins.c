/* Joining and leaving groups: who gets what, errors, IP_MULTICAST_LOOP, _ALL, _IF, _TTL. */
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
static struct ip_mreq group(const char *ip, const char *iface)
{
    struct ip_mreq m;
    inet_pton(AF_INET, ip, &m.imr_multiaddr);
    inet_pton(AF_INET, iface, &m.imr_interface);
    return m;
}

int main(void)
{
    struct ip_mreq m;
    struct ip_mreqn n;
    struct ipv6_mreq m6;
    struct sockaddr_in a = at("0.0.0.0", 7000), b;
    int s[3], c, i, zero = 0, one = 1, v;
    socklen_t len = sizeof v;
    char buf[10];
    struct in_addr lo;
    for (i = 0; i < 3; i++) {
        s[i] = socket(AF_INET, SOCK_DGRAM, 0);
        setsockopt(s[i], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (i < 2)
            SAY(bind(s[i], ADDR(a)));
    }
    b = at("239.1.2.3", 7000);
    SAY(bind(s[2], ADDR(b)));
    m = group("239.1.2.3", "127.0.0.1");
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    m = group("10.1.2.3", "127.0.0.1");
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    m = group("239.1.2.3", "192.0.2.1");
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    m = group("239.9.9.9", "127.0.0.1");
    SAY(setsockopt(s[0], IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof m));
    memset(&n, 0, sizeof n);
    inet_pton(AF_INET, "239.1.2.4", &n.imr_multiaddr);
    n.imr_ifindex = 1;
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &n, sizeof n));
    n.imr_ifindex = 99;
    SAY(setsockopt(s[0], IPPROTO_IP, IP_ADD_MEMBERSHIP, &n, sizeof n));
    c = socket(AF_INET, SOCK_DGRAM, 0);
    inet_pton(AF_INET, "127.0.0.1", &lo);
    SAY(setsockopt(c, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof lo));
    for (v = 0; v < 4; v++) {
        if (v == 1)
            SAY(setsockopt(s[1], IPPROTO_IP, IP_MULTICAST_ALL, &zero, sizeof zero));
        if (v == 2)
            SAY(setsockopt(c, IPPROTO_IP, IP_MULTICAST_LOOP, &zero, sizeof zero));
        if (v == 3) {
            SAY(setsockopt(c, IPPROTO_IP, IP_MULTICAST_LOOP, &one, sizeof one));
            m = group("239.1.2.3", "127.0.0.1");
            SAY(setsockopt(s[0], IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof m));
        }
        SAY(sendto(c, "x", 1, 0, ADDR(b)));
        for (i = 0; i < 3; i++)
            printf("round %d, socket %d: %d\n", v, i, (int)recv(s[i], buf, 1, MSG_DONTWAIT));
    }
    lo.s_addr = htonl(0xc0000201);
    SAY(setsockopt(c, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof lo));
    SAY(getsockopt(c, IPPROTO_IP, IP_MULTICAST_IF, &lo, &len));
    printf("%s\n", inet_ntoa(lo));
    SAY(getsockopt(c, IPPROTO_IP, IP_MULTICAST_TTL, &v, &len));
    printf("%d\n", v);
    SAY(connect(c, ADDR(b)));
    SAY(send(c, "y", 1, 0));
    c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(b)));
    SAY(setsockopt(c, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    c = socket(AF_INET6, SOCK_DGRAM, 0);
    memset(&m6, 0, sizeof m6);
    inet_pton(AF_INET6, "ff02::1234", &m6.ipv6mr_multiaddr);
    m6.ipv6mr_interface = 1;
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof m6));
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof m6));
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &m6, sizeof m6));
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &m6, sizeof m6));
    m6.ipv6mr_interface = 99;
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof m6));
    inet_pton(AF_INET6, "2001:db8::1", &m6.ipv6mr_multiaddr);
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_JOIN_GROUP, &m6, sizeof m6));
    return 0;
}
