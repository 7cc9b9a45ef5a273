/* Sends, says that it has finished, and still reads. */
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
    int s = dial("10.0.0.1", 7002);
    unsigned int answer;
    send(s, "abcdef", 6, 0);
    shutdown(s, SHUT_WR);
    printf("%d\n", (int)recv(s, &answer, sizeof answer, MSG_WAITALL));
    printf("%u\n", ntohl(answer));
    printf("%d\n", (int)recv(s, &answer, sizeof answer, 0));
    close(s);
    return 0;
}
