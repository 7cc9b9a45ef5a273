/* Exchanges messages of more than a segment. */
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

static int readn(int s, char *buf, int n)
{
    int got = 0, r;
    while (got < n && (r = recv(s, buf + got, n - got, 0)) > 0)
        got += r;
    return got;
}

int main(void)
{
    int s = dial(7030);
    static char b[3000];
    readn(s, b, 4);
    for (int i = 0; i < 5; i++) {
        write(s, b, 2000);
        readn(s, b, 3000);
    }
    read(s, b, 1);
    close(s);
    return 0;
}
