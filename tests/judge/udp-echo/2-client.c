/* Two datagrams and a third to a closed port. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7011) };
    char buf[64];
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    inet_pton(AF_INET, "10.0.0.1", &a.sin_addr);
    for (int i = 0; i < 2; i++) {
        printf("%d\n", (int)sendto(s, "pergunta", 8 - i, 0, (struct sockaddr *)&a, sizeof a));
        printf("%d\n", (int)recvfrom(s, buf, sizeof buf, 0, NULL, NULL));
    }
    a.sin_port = htons(7999);
    connect(s, (struct sockaddr *)&a, sizeof a);
    send(s, "x", 1, 0);
    if (recv(s, buf, sizeof buf, 0) < 0)
        perror("recv");
    close(s);
    return 0;
}
