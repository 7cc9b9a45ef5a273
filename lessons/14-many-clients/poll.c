#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int step(int conn)
{
    char buf[100];
    ssize_t n = recv(conn, buf, sizeof buf, 0);
    if (n > 0) n = send(conn, buf, n, 0);
    if (n <= 0) close(conn);
    return n > 0;
}

#define MAX 64

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }
    struct pollfd p[MAX];
    int n = 1;
    p[0].fd = fd;
    p[0].events = POLLIN;

    for (;;) {
        if (poll(p, n, -1) < 0) { perror("poll"); return 1; }       /* 2 */

        for (int i = n - 1; i > 0; i--) {
            if (p[i].revents != 0 && !step(p[i].fd)) p[i] = p[--n];
        }
        if ((p[0].revents & POLLIN) && n < MAX) {
            int conn = accept(fd, NULL, NULL);
            if (conn < 0) { perror("accept"); return 1; }
            p[n].fd = conn;
            p[n].events = POLLIN;
            p[n].revents = 0;
            n++;
        }
    }
}
