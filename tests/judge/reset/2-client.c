/* Sends, waits for the reset, reads the error, then EPIPE. */
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

static int dial(const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) {
        perror("connect");
        exit(1);
    }
    return s;
}

int main(void)
{
    int s = dial("10.0.0.1", 7003);
    char buf[8];
    send(s, "never read", 10, 0);
    if (recv(s, buf, sizeof buf, 0) < 0)
        perror("recv");
    if (send(s, "x", 1, MSG_NOSIGNAL) < 0)
        perror("send");
    close(s);
    return 0;
}
