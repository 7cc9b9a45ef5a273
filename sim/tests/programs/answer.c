// Answers one datagram, then tells of two frames with a protocol of their own.
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(void) {
    int own = socket(AF_PACKET, SOCK_DGRAM, htons(0x88b5));
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(7000)};
    bind(udp, (struct sockaddr *)&me, sizeof me);
    char text[64];
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    recvfrom(udp, text, sizeof text, 0, (struct sockaddr *)&from, &len);
    sendto(udp, "pong", 4, 0, (struct sockaddr *)&from, len);
    for (int i = 0; i < 2; i++) {
        struct sockaddr_ll link;
        len = sizeof link;
        ssize_t n = recvfrom(own, text, sizeof text, 0, (struct sockaddr *)&link, &len);
        printf("%zd bytes, type %d, first %c\n", n, link.sll_pkttype, text[0]);
    }
    ssize_t n = recv(udp, text, sizeof text, 0);
    printf("%.*s\n", (int)n, text);
    return 0;
}
