// Asks "who.c" who it is, and then a port that nobody has.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    char text[100] = "";
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&to, sizeof to) < 0)
        perror("connect");
    recv(s, text, sizeof text, MSG_WAITALL);
    printf("%s\n", text);
    close(s);
    int u = socket(AF_INET, SOCK_DGRAM, 0);
    connect(u, (struct sockaddr *)&to, sizeof to);
    send(u, "?", 1, 0);
    memset(text, 0, sizeof text);
    recv(u, text, sizeof text, 0);
    printf("%s\n", text);
    // The datagram to nobody comes back as an ICMP error about what was translated.
    to.sin_port = htons(9);
    connect(u, (struct sockaddr *)&to, sizeof to);
    send(u, "?", 1, 0);
    struct timeval soon = {.tv_sec = 1};
    setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    if (recv(u, text, sizeof text, 0) < 0)
        perror("recv");
    return 0;
}
