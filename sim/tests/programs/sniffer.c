// Sees its own host's datagrams go and come, and writes one frame itself.
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void show(const char *name, int fd) {
    unsigned char frame[2048];
    struct sockaddr_ll from;
    for (;;) {
        socklen_t len = sizeof from;
        ssize_t n = recvfrom(fd, frame, sizeof frame, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &len);
        if (n < 0) {
            printf("%s: %s\n", name, strerror(errno));
            return;
        }
        // Who is asked by ARP before, and when, is not the lesson.
        if (ntohs(from.sll_protocol) == ETH_P_ARP || ntohs(from.sll_protocol) == ETH_P_IPV6)
            continue;
        printf("%s: %zd bytes, len %u, protocol %04x, hatype %d, type %d, halen %d\n", name, n, len,
               ntohs(from.sll_protocol), from.sll_hatype, from.sll_pkttype, from.sll_halen);
    }
}

int main(int argc, char **argv) {
    int all = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    int ip = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
    int none = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll on = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex("eth0")};
    on.sll_protocol = htons(ETH_P_ALL);
    bind(all, (struct sockaddr *)&on, sizeof on);
    struct sockaddr_ll name;
    socklen_t len = sizeof name;
    getsockname(all, (struct sockaddr *)&name, &len);
    printf("name: len %u, protocol %04x, hatype %d, halen %d\n", len, ntohs(name.sll_protocol), name.sll_hatype,
           name.sll_halen);

    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(7000)};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    sendto(udp, "ping", 4, 0, (struct sockaddr *)&to, sizeof to);
    char text[16];
    ssize_t n = recv(udp, text, sizeof text, 0);
    printf("answer: %.*s\n", (int)n, text);
    show("all", all);
    show("ip", ip);
    show("none", none);

    struct sockaddr_ll there = on;
    there.sll_protocol = htons(0x88b5);
    there.sll_halen = 6;
    memset(there.sll_addr, 0xff, 6);
    printf("cooked: %zd\n", sendto(ip, "hello", 5, 0, (struct sockaddr *)&there, sizeof there));
    unsigned char frame[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 99, 0x88, 0xb5, 'r', 'a', 'w'};
    printf("raw: %zd\n", send(all, frame, sizeof frame, 0));
    show("all", all);
    sendto(udp, "end", 3, 0, (struct sockaddr *)&to, sizeof to);
    return 0;
}
