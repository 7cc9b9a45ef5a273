// Says who connects, and sends it back to them; one datagram the same way.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))}, peer;
    socklen_t len = sizeof peer;
    int l = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bind(l, (struct sockaddr *)&me, sizeof me);
    bind(u, (struct sockaddr *)&me, sizeof me);
    listen(l, 4);
    int c = accept(l, (struct sockaddr *)&peer, &len);
    char text[100];
    snprintf(text, sizeof text, "tcp from %s", inet_ntoa(peer.sin_addr));
    send(c, text, strlen(text), 0);
    printf("%s\n", text);
    close(c);
    recvfrom(u, text, sizeof text, 0, (struct sockaddr *)&peer, &len);
    snprintf(text, sizeof text, "udp from %s", inet_ntoa(peer.sin_addr));
    sendto(u, text, strlen(text), 0, (struct sockaddr *)&peer, len);
    printf("%s\n", text);
    return 0;
}
