// Every call on packet and netlink sockets that is not their business, and wrong arguments.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAY(call)                                                          \
    do {                                                                   \
        errno = 0;                                                         \
        long ret_ = (long)(call);                                          \
        printf("%s: %ld %s\n", #call, ret_, ret_ < 0 ? strerror(errno) : ""); \
    } while (0)

int main(void) {
    int v[2];
    for (int type = 0; type < 12; type++)
        for (int protocol = -1; protocol < 24; protocol++) {
            int families[] = {AF_NETLINK, AF_PACKET};
            for (int i = 0; i < 2; i++) {
                int fd = socket(families[i], type, protocol);
                if (fd >= 0)
                    close(fd);
                else
                    printf("%d %d %d: %s\n", families[i], type, protocol, strerror(errno));
            }
        }
    SAY(socketpair(AF_NETLINK, SOCK_RAW, 0, v));
    SAY(socketpair(AF_PACKET, SOCK_RAW, 0, v));
    SAY(socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));

    int n = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE);
    struct sockaddr_nl nl = {.nl_family = AF_NETLINK};
    socklen_t len = sizeof nl;
    SAY(getsockname(n, (struct sockaddr *)&nl, &len));
    printf("%u %u\n", len, nl.nl_pid);
    SAY(bind(n, (struct sockaddr *)&nl, 8));
    SAY(bind(n, (struct sockaddr *)&nl, sizeof nl));
    getsockname(n, (struct sockaddr *)&nl, &len);
    printf("own number: %d\n", nl.nl_pid == (unsigned)getpid());
    SAY(bind(n, (struct sockaddr *)&nl, sizeof nl));
    int other = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    SAY(bind(other, (struct sockaddr *)&nl, sizeof nl));
    SAY(getpeername(n, (struct sockaddr *)&nl, &len));
    printf("%u %u\n", len, nl.nl_pid);
    nl.nl_pid = 0;
    SAY(connect(n, (struct sockaddr *)&nl, sizeof nl));
    SAY(listen(n, 1));
    SAY(accept(n, 0, 0));
    SAY(shutdown(n, SHUT_RDWR));
    char room[64];
    SAY(recv(n, room, sizeof room, MSG_DONTWAIT));
    SAY(recv(n, room, sizeof room, MSG_DONTWAIT | MSG_OOB));
    nl.nl_family = AF_INET;
    SAY(bind(n, (struct sockaddr *)&nl, sizeof nl));
    int value = 1;
    for (int option = 1; option < 14; option++) {
        len = sizeof value;
        SAY(getsockopt(n, SOL_NETLINK, option, &value, &len));
    }
    SAY(setsockopt(n, SOL_IP, IP_TOS, &value, sizeof value));
    len = sizeof value;
    SAY(getsockopt(n, SOL_IP, IP_TOS, &value, &len));
    int names[] = {SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ACCEPTCONN, SO_ERROR};
    for (int i = 0; i < 5; i++) {
        len = sizeof value;
        getsockopt(n, SOL_SOCKET, names[i], &value, &len);
        printf("netlink %d: %d\n", names[i], value);
    }

    int p = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    if (p < 0) {
        SAY(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
        return 0;
    }
    struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = 1};
    len = sizeof ll;
    SAY(getsockname(p, (struct sockaddr *)&ll, &len));
    printf("%u %04x\n", len, ntohs(ll.sll_protocol));
    ll.sll_ifindex = 99;
    SAY(bind(p, (struct sockaddr *)&ll, sizeof ll));
    ll.sll_ifindex = 1;
    SAY(bind(p, (struct sockaddr *)&ll, 19));
    SAY(send(p, room, 20, 0));
    SAY(bind(p, (struct sockaddr *)&ll, sizeof ll));
    SAY(send(p, room, 13, 0));
    SAY(sendto(p, room, 20, 0, (struct sockaddr *)&ll, 12));
    ll.sll_ifindex = 99;
    SAY(sendto(p, room, 20, 0, (struct sockaddr *)&ll, sizeof ll));
    SAY(connect(p, (struct sockaddr *)&ll, sizeof ll));
    SAY(getpeername(p, (struct sockaddr *)&ll, &len));
    SAY(listen(p, 1));
    SAY(accept(p, 0, 0));
    SAY(shutdown(p, SHUT_RDWR));
    SAY(recv(p, room, sizeof room, MSG_DONTWAIT | MSG_OOB));
    struct packet_mreq mreq = {.mr_ifindex = 1, .mr_type = PACKET_MR_PROMISC};
    SAY(setsockopt(p, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof mreq));
    SAY(setsockopt(p, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &mreq, sizeof mreq));
    SAY(setsockopt(p, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, 4));
    mreq.mr_ifindex = 99;
    SAY(setsockopt(p, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof mreq));
    for (int i = 0; i < 5; i++) {
        len = sizeof value;
        getsockopt(p, SOL_SOCKET, names[i], &value, &len);
        printf("packet %d: %d\n", names[i], value);
    }
    return 0;
}
