/* Two connections used in turn. */
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
    int a = dial("10.0.0.1", 7007), b;
    char buf[32];
    send(a, "a1", 2, 0);
    printf("%d\n", (int)recv(a, buf, sizeof buf, 0));
    b = dial("10.0.0.1", 7007);
    send(b, "b1", 2, 0);
    printf("%d\n", (int)recv(b, buf, sizeof buf, 0));
    send(a, "a2", 2, 0);
    printf("%d\n", (int)recv(a, buf, sizeof buf, 0));
    close(a);
    send(b, "b2", 2, 0);
    printf("%d\n", (int)recv(b, buf, sizeof buf, 0));
    close(b);
    return 0;
}
