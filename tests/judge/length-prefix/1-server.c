/* Length and bytes come back as they came. */
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

static int readn(int s, char *buf, int n)
{
    int got = 0, r;
    while (got < n && (r = recv(s, buf + got, n - got, 0)) > 0)
        got += r;
    return got;
}

int main(void)
{
    int l = serve(7016, 5), c = accept(l, 0, 0);
    unsigned k;
    static char b[5000];
    while (readn(c, (char *)&k, 4) == 4) {
        int n = ntohl(k);
        readn(c, b, n);
        printf("%d\n", n);
        send(c, &k, 4, 0);
        send(c, b, n, 0);
    }
    close(c);
    return 0;
}
