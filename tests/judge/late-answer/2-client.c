/* SO_RCVTIMEO runs out twice before the answer. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
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
    int s = dial(7043), n;
    char b[10];
    struct timeval t = {0, 200000};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    for (int i = 0; i < 4; i++) {
        n = read(s, b, 10);
        printf("%d %s\n", n, n < 0 ? strerror(errno) : "");
        if (n == 0) break;
    }
    close(s);
    return 0;
}
