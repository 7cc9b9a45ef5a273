/* Connects twice before anything is accepted. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
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

int main(void)
{
    int a = dial(7024);
    printf("a\n");
    int b = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in x = {0};
    fcntl(b, F_SETFL, O_NONBLOCK);
    x.sin_family = AF_INET;
    x.sin_port = htons(7024);
    inet_pton(AF_INET, "10.0.0.1", &x.sin_addr);
    printf("%d\n", connect(b, (void *)&x, sizeof x));
    struct pollfd p = {b, POLLOUT};
    printf("%d\n", poll(&p, 1, 8000));
    printf("%d\n", connect(b, (void *)&x, sizeof x));
    close(a);
    close(b);
    return 0;
}
