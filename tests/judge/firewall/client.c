/* Tries the ports one after the other, with TCP and with UDP. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(void)
{
    int i, s, n, one = 1;
    char buf[20];
    struct sockaddr_in a;
    struct timeval half = { 0, 500000 };
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    inet_pton(AF_INET, "10.0.0.1", &a.sin_addr);
    for (i = 0; i < 4; i++) {
        a.sin_port = htons(7000 + i);
        s = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(s, IPPROTO_TCP, TCP_SYNCNT, &one, sizeof one);
        n = connect(s, (struct sockaddr *)&a, sizeof a);
        printf("tcp %d: %s\n", 7000 + i, n < 0 ? strerror(errno) : "connected");
        if (n == 0)
            printf("%d bytes\n", (int)recv(s, buf, sizeof buf, 0));
        close(s);
    }
    for (i = 0; i < 4; i++) {
        a.sin_port = htons(7000 + i);
        s = socket(AF_INET, SOCK_DGRAM, 0);
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof half);
        connect(s, (struct sockaddr *)&a, sizeof a);
        send(s, "x", 1, 0);
        n = recv(s, buf, sizeof buf, 0);
        printf("udp %d: %s\n", 7000 + i, n < 0 ? strerror(errno) : "an answer");
        close(s);
    }
    return 0;
}
