/* The same with poll. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
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
    struct pollfd p[4];
    int n = 1, served = 0;
    char buf[32];
    p[0].fd = serve(7007, 5);
    p[0].events = POLLIN;
    while (served < 2) {
        poll(p, n, -1);
        if (p[0].revents & POLLIN) {
            p[n].fd = accept(p[0].fd, NULL, NULL);
            p[n].events = POLLIN;
            p[n].revents = 0;
            n++;
        }
        for (int i = 1; i < n; i++) {
            if (!(p[i].revents & (POLLIN | POLLHUP)))
                continue;
            int got = recv(p[i].fd, buf, sizeof buf, 0);
            if (got <= 0) {
                close(p[i].fd);
                p[i].fd = -1;
                p[i].revents = 0;
                served++;
            } else {
                send(p[i].fd, buf, got, 0);
            }
        }
    }
    printf("served %d\n", served);
    return 0;
}
