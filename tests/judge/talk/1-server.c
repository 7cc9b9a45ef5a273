/* Greets, then exchanges messages of more than a segment. */
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
    int l = serve(7030, 5), c = accept(l, 0, 0);
    static char b[3000];
    write(c, "ola\n", 4);
    for (int i = 0; i < 5; i++) {
        readn(c, b, 2000);
        write(c, b, 3000);
    }
    close(c);
    return 0;
}
