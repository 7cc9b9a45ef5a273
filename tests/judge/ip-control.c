/* Control messages of UDP: where a datagram came in, its TTL and TOS; errors by IP_RECVERR; what may
   be asked for when sending. */
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
#include <linux/errqueue.h>

static void show(struct msghdr *msg)
{
    struct cmsghdr *c;
    for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        printf("    level %d type %d len %d:", c->cmsg_level, c->cmsg_type, (int)c->cmsg_len);
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            printf(" interface %d, spec %s", info.ipi_ifindex, inet_ntoa(info.ipi_spec_dst));
            printf(", to %s\n", inet_ntoa(info.ipi_addr));
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) {
            printf(" %d\n", *CMSG_DATA(c));
        } else if (c->cmsg_type == IP_RECVERR || c->cmsg_type == IPV6_RECVERR) {
            struct sock_extended_err err;
            struct sockaddr_in *who;
            memcpy(&err, CMSG_DATA(c), sizeof err);
            who = (struct sockaddr_in *)(CMSG_DATA(c) + sizeof err);
            printf(" %s, origin %d, type %d, code %d, info %u, by %s\n", strerror(err.ee_errno),
                   err.ee_origin, err.ee_type, err.ee_code, err.ee_info,
                   who->sin_family == AF_INET ? inet_ntoa(who->sin_addr) : "nobody");
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            char text[60];
            memcpy(&info, CMSG_DATA(c), sizeof info);
            printf(" interface %d, to %s\n", (int)info.ipi6_ifindex,
                   inet_ntop(AF_INET6, &info.ipi6_addr, text, sizeof text));
        } else if (c->cmsg_level == SOL_SOCKET) {
            printf(" a time\n");
        } else {
            int value;
            memcpy(&value, CMSG_DATA(c), sizeof value);
            printf(" %d\n", value);
        }
    }
}

static void get(int s, int flags, int room)
{
    char buf[64];
    union { char bytes[256]; struct cmsghdr align; } control;
    struct iovec iov = { buf, 8 };
    struct sockaddr_storage name;
    struct msghdr msg;
    int n;
    memset(&msg, 0, sizeof msg);
    memset(&control, 0, sizeof control);
    memset(&name, 0, sizeof name);
    msg.msg_name = &name;
    msg.msg_namelen = sizeof name;
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control.bytes;
    msg.msg_controllen = room;
    n = recvmsg(s, &msg, flags | MSG_DONTWAIT);
    if (n < 0) {
        printf("recvmsg = -1 %s\n", strerror(errno));
        return;
    }
    printf("recvmsg = %d, name %d, control %d, flags %#x\n", n, (int)msg.msg_namelen,
           (int)msg.msg_controllen, msg.msg_flags);
    show(&msg);
}

static int put(int s, void *to, int len, int level, int type, const void *data, int size)
{
    union { char bytes[64]; struct cmsghdr align; } control;
    struct iovec iov = { "hello world", 5 };
    struct msghdr msg;
    struct cmsghdr *c;
    memset(&msg, 0, sizeof msg);
    memset(&control, 0, sizeof control);
    msg.msg_name = to;
    msg.msg_namelen = len;
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control.bytes;
    msg.msg_controllen = CMSG_SPACE(size);
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(c), data, size);
    return sendmsg(s, &msg, 0);
}

int main(void)
{
    struct sockaddr_in a = at("127.0.0.1", 7000), dead = at("127.0.0.1", 7009), from;
    struct sockaddr_in6 b;
    struct in_pktinfo info;
    socklen_t len;
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0), one = 1, v, i;
    char big[20000];
    static const int wanted[] = { IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, 20 };
    memset(big, 0, sizeof big);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    SAY(bind(s, ADDR(a)));
    a = at("127.0.0.1", 7000);
    for (i = 0; i < 4; i++) {
        SAY(setsockopt(s, IPPROTO_IP, wanted[i], &one, sizeof one));
        SAY(sendto(c, "one", 3, 0, ADDR(a)));
        get(s, 0, 256);
    }
    a = at("127.3.4.5", 7000);
    SAY(sendto(c, "a longer one", 12, 0, ADDR(a)));
    get(s, MSG_PEEK, 256);
    get(s, 0, 256);
    for (i = 0; i <= 64; i += 8) {
        sendto(c, "two", 3, 0, ADDR(a));
        printf("room %d: ", i);
        get(s, 0, i);
    }
    /* Asking when sending. */
    v = 7;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TTL, &v, sizeof v));
    get(s, 0, 256);
    v = 0x10;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TOS, &v, sizeof v));
    get(s, 0, 256);
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TOS, &v, 1));
    get(s, 0, 256);
    v = 0;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TTL, &v, sizeof v));
    v = 256;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TTL, &v, sizeof v));
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TOS, &v, sizeof v));
    v = 9;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_TTL, &v, 2));
    SAY(put(c, ADDR(a), IPPROTO_IP, 77, &v, 4));
    SAY(put(c, ADDR(a), IPPROTO_TCP, 77, &v, 4));
    get(s, 0, 256);
    SAY(put(c, ADDR(a), SOL_SOCKET, 77, &v, 4));
    memset(&info, 0, sizeof info);
    inet_pton(AF_INET, "127.9.9.9", &info.ipi_spec_dst);
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
    len = sizeof from;
    SAY(recvfrom(s, big, 10, 0, (struct sockaddr *)&from, &len));
    printf("from %s\n", inet_ntoa(from.sin_addr));
    info.ipi_ifindex = 1;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
    get(s, 0, 256);
    info.ipi_ifindex = 99;
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
    info.ipi_ifindex = 0;
    inet_pton(AF_INET, "192.0.2.1", &info.ipi_spec_dst);
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_PKTINFO, &info, sizeof info));
    SAY(put(c, ADDR(a), IPPROTO_IP, IP_PKTINFO, &info, 8));
    /* Errors. */
    get(c, MSG_ERRQUEUE, 256);
    SAY(setsockopt(c, IPPROTO_IP, IP_RECVERR, &one, sizeof one));
    SAY(sendto(c, "to nobody", 9, 0, ADDR(dead)));
    get(c, MSG_ERRQUEUE, 256);
    get(c, MSG_ERRQUEUE, 256);
    SAY(sendto(c, "again", 5, 0, ADDR(dead)));
    SAY(sendto(c, "error first", 11, 0, ADDR(dead)));
    SAY(sendto(c, "then this", 9, 0, ADDR(dead)));
    get(c, 0, 256);
    get(c, MSG_ERRQUEUE, 0);
    get(c, MSG_ERRQUEUE, 40);
    get(c, MSG_ERRQUEUE, 256);
    v = IP_PMTUDISC_DO;
    SAY(setsockopt(c, IPPROTO_IP, IP_MTU_DISCOVER, &v, sizeof v));
    SAY(sendto(c, big, 20000, 0, ADDR(a)));
    get(c, MSG_ERRQUEUE, 256);
    /* IPv6. */
    memset(&b, 0, sizeof b);
    b.sin6_family = AF_INET6;
    b.sin6_port = htons(7001);
    b.sin6_addr = in6addr_loopback;
    close(s);
    close(c);
    s = socket(AF_INET6, SOCK_DGRAM, 0);
    c = socket(AF_INET6, SOCK_DGRAM, 0);
    SAY(bind(s, ADDR(b)));
    SAY(setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one));
    SAY(setsockopt(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &one, sizeof one));
    SAY(setsockopt(s, IPPROTO_IPV6, 66, &one, sizeof one));
    SAY(sendto(c, "six", 3, 0, ADDR(b)));
    get(s, 0, 256);
    v = 33;
    SAY(put(c, ADDR(b), IPPROTO_IPV6, 52, &v, sizeof v));
    get(s, 0, 256);
    SAY(put(c, ADDR(b), IPPROTO_IPV6, 67, &v, sizeof v));
    get(s, 0, 256);
    v = 300;
    SAY(put(c, ADDR(b), IPPROTO_IPV6, 52, &v, sizeof v));
    SAY(put(c, ADDR(b), IPPROTO_IPV6, 77, &v, sizeof v));
    SAY(setsockopt(c, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof one));
    b.sin6_port = htons(7009);
    SAY(sendto(c, "six", 3, 0, ADDR(b)));
    get(c, MSG_ERRQUEUE, 256);
    return 0;
}
