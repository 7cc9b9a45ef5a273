// Joins a group without naming an interface, and speaks to it.
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int s = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(6000)}, group = any, from;
    inet_pton(AF_INET, "239.1.2.3", &group.sin_addr);
    struct ip_mreq mreq = {.imr_multiaddr = group.sin_addr};
    bind(s, (struct sockaddr *)&any, sizeof any);
    if (setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof mreq) < 0)
        perror("IP_ADD_MEMBERSHIP");
    usleep(1500000);
    if (argc > 1 && sendto(s, argv[1], strlen(argv[1]), 0, (struct sockaddr *)&group, sizeof group) < 0)
        perror("sendto");
    char text[64];
    socklen_t len = sizeof from;
    ssize_t n = recvfrom(s, text, sizeof text, 0, (struct sockaddr *)&from, &len);
    printf("%.*s from %s\n", (int)n, text, inet_ntoa(from.sin_addr));
    return 0;
}
