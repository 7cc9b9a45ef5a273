/* Counts. */
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
    int s = dial(7017), n, t = 0;
    char b[4096];
    msleep(600);
    while ((n = read(s, b, sizeof b)) > 0) t += n;
    printf("%d\n", t);
    close(s);
    return 0;
}
