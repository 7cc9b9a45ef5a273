/* Answers requests of one connection: header and body in two calls. */
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

int main(void)
{
    int l = serve(7004, 5), c = accept(l, 0, 0), n;
    char b[2048], r[200];
    while ((n = recv(c, b, sizeof b, 0)) > 0) {
        n = sprintf(r, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        send(c, r, n, 0);
        send(c, "hello", 5, 0);
    }
    close(c);
    close(l);
    return 0;
}
