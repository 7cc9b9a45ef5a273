/* One process serves two clients with select. */
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
    int l = serve(7006, 5), open = 0, served = 0, max = l;
    fd_set all, ready;
    char buf[32];
    FD_ZERO(&all);
    FD_SET(l, &all);
    while (served < 2) {
        ready = all;
        select(max + 1, &ready, NULL, NULL, NULL);
        for (int fd = 0; fd <= max; fd++) {
            if (!FD_ISSET(fd, &ready))
                continue;
            if (fd == l) {
                int c = accept(l, NULL, NULL);
                FD_SET(c, &all);
                max = c > max ? c : max;
                printf("open %d\n", ++open);
            } else {
                int n = recv(fd, buf, sizeof buf, 0);
                if (n <= 0) {
                    close(fd);
                    FD_CLR(fd, &all);
                    printf("close %d\n", ++served);
                } else {
                    send(fd, buf, n, 0);
                }
            }
        }
    }
    return 0;
}
