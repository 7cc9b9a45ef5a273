/* A client that binds its port connects again while the first connection is in TIME-WAIT. */
#include <arpa/inet.h>
#include <netinet/in.h>
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

static void msleep(int ms)
{
    usleep(ms * 1000);
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, n;
        struct sockaddr_in a = {0};
        char b[10];
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
        a.sin_family = AF_INET;
        a.sin_port = htons(5555);
        n = bind(s, (void *)&a, sizeof a);
        printf("bind %d\n", n);
        if (dial_opt(s, "10.0.0.1", 7040) < 0) {
            close(s);
            s = dial(7040);
        }
        write(s, "oi", 2);
        n = read(s, b, 10);
        printf("%d\n", n);
        close(s);
        msleep(100);
    }
    return 0;
}
