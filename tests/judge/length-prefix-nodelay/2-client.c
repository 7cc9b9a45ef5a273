/* Messages of several sizes, the length before each, without Nagle. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial_opt(int s, const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) {
        perror("connect");
        return -1;
    }
    return s;
}

static int dial(int port)
{
    return dial_opt(socket(AF_INET, SOCK_STREAM, 0), "10.0.0.1", port);
}

static int readn(int s, char *buf, int n)
{
    int got = 0, r;
    while (got < n && (r = recv(s, buf + got, n - got, 0)) > 0)
        got += r;
    return got;
}

int main(void)
{
    int s = dial(7015), one = 1, sizes[] = {5, 100, 1448, 3000, 1};
    unsigned k;
    static char b[5000];
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (int i = 0; i < 5; i++) {
        k = htonl(sizes[i]);
        send(s, &k, 4, 0);
        send(s, b, sizes[i], 0);
        readn(s, (char *)&k, 4);
        readn(s, b, ntohl(k));
    }
    close(s);
    return 0;
}
