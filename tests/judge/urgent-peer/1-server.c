/* Stops at the urgent byte, and reads it apart. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int serve(int port, int backlog)
{
    struct sockaddr_in a;
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, backlog) < 0) {
        perror("serve");
        exit(1);
    }
    return s;
}

static void msleep(int ms)
{
    usleep(ms * 1000);
}

int main(void)
{
    int l = serve(7025, 5), c = accept(l, 0, 0), n;
    char b[20];
    msleep(50);
    n = recv(c, b, sizeof b, 0);
    printf("%d\n", n);
    n = recv(c, b, 1, MSG_OOB);
    printf("oob %d %c\n", n, b[0]);
    n = recv(c, b, sizeof b, 0);
    printf("%d\n", n);
    close(c);
    return 0;
}
