/* TCP_CORK gathers; taken away, or after 200 ms, or at the end, what it held leaves. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
    int l = serve(7017, 5), c = accept(l, 0, 0), on = 1, off = 0;
    static char b[5000];
    setsockopt(c, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    write(c, "cabecalho\r\n", 11);
    write(c, b, 2000);
    write(c, b, 500);
    setsockopt(c, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    msleep(20);
    setsockopt(c, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    write(c, "espera", 6);
    msleep(400);
    write(c, "mais", 4);
    close(c);
    return 0;
}
