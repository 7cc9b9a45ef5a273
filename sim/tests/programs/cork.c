// UDP_CORK and MSG_MORE: several calls, one datagram.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int to[2];

static void show(const char *what) {
    char text[100];
    for (int i = 0; i < 2; i++)
        for (ssize_t n; (n = recv(to[i], text, sizeof text, MSG_DONTWAIT)) >= 0;)
            printf("%s: %zd bytes to %d: %.*s\n", what, n, i, (int)n, text);
}

int main(void) {
    struct sockaddr_in at[2];
    for (int i = 0; i < 2; i++) {
        at[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(9000 + i)};
        at[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to[i] = socket(AF_INET, SOCK_DGRAM, 0);
        bind(to[i], (struct sockaddr *)&at[i], sizeof at[i]);
    }
    struct sockaddr *a = (struct sockaddr *)&at[0], *b = (struct sockaddr *)&at[1];
    socklen_t len = sizeof at[0];
    int s = socket(AF_INET, SOCK_DGRAM, 0), on = 1, off = 0;
    connect(s, a, len);
    send(s, "ab", 2, MSG_MORE);
    send(s, "cd", 2, MSG_MORE);
    show("not yet");
    send(s, "ef", 2, 0);
    show("more");
    setsockopt(s, IPPROTO_UDP, UDP_CORK, &on, sizeof on);
    send(s, "12", 2, 0);
    send(s, "34", 2, 0);
    show("not yet");
    setsockopt(s, IPPROTO_UDP, UDP_CORK, &off, sizeof off);
    show("cork");
    setsockopt(s, IPPROTO_UDP, UDP_CORK, &on, sizeof on);
    send(s, "56", 2, 0);
    close(s);
    show("closed");

    s = socket(AF_INET, SOCK_DGRAM, 0);
    sendto(s, "ab", 2, MSG_MORE, a, len);
    sendto(s, "cd", 2, 0, b, len);
    show("the first address counts");
    sendto(s, "ab", 2, MSG_MORE, a, len);
    printf("send without an address: %zd\n", send(s, "cd", 2, 0));
    show("none needed");
    ssize_t none = send(s, "x", 1, MSG_MORE);
    printf("%zd %d\n", none, errno == EDESTADDRREQ);
    sendto(s, "ab", 2, MSG_MORE, a, len);
    connect(s, b, len);
    send(s, "zz", 2, 0);
    show("connect moves it");
    char *big = calloc(1, 60000);
    send(s, big, 60000, MSG_MORE);
    ssize_t long_one = send(s, big, 6000, 0);
    printf("%zd %d\n", long_one, errno == EMSGSIZE);
    send(s, "k", 1, 0);
    show("thrown away");
    return 0;
}
