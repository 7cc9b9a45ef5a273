/* Answers two datagrams. */
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
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7011) }, from;
    socklen_t len = sizeof from;
    char buf[64];
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    bind(s, (struct sockaddr *)&a, sizeof a);
    for (int i = 0; i < 2; i++) {
        int n = recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&from, &len);
        printf("%d from %s\n", n, inet_ntoa(from.sin_addr));
        sendto(s, buf, n, 0, (struct sockaddr *)&from, len);
    }
    close(s);
    return 0;
}
