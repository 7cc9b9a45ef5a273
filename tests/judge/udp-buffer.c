/* How many datagrams a receive buffer holds: each counts with its bookkeeping. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static char bytes[20000];

static void fill(int family, int size)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(7000), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr *addr = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t len = family == AF_INET ? sizeof v4 : sizeof v6;
    int receiver = socket(family, SOCK_DGRAM, 0), sender = socket(family, SOCK_DGRAM, 0);
    int rcvbuf = 10000, fit = 0;

    bind(receiver, addr, len);
    setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf);
    connect(sender, addr, len);
    for (int i = 0; i < 30; i++) send(sender, bytes, size, 0);
    while (recv(receiver, bytes, 1, MSG_DONTWAIT) >= 0) fit++;
    printf("%d bytes: %d fit\n", size, fit);
    close(receiver);
    close(sender);
}

int main(void)
{
    int v4[] = { 0, 1, 197, 198, 645, 646, 1669, 1670, 3717, 3718, 16004, 16005, 20000 };
    int v6[] = { 184, 185, 632, 633 };
    for (unsigned i = 0; i < sizeof v4 / sizeof v4[0]; i++) fill(AF_INET, v4[i]);
    for (unsigned i = 0; i < sizeof v6 / sizeof v6[0]; i++) fill(AF_INET6, v6[i]);
    return 0;
}
