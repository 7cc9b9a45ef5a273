#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>

static int step(int conn)
{
    char buf[100];
    ssize_t n = recv(conn, buf, sizeof buf, 0);
    if (n > 0) n = send(conn, buf, n, 0);
    if (n <= 0) close(conn);
    return n > 0;
}

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
    fd_set all;
    int max = fd;
    FD_ZERO(&all);
    FD_SET(fd, &all);

    for (;;) {
        fd_set ready = all;
        if (select(max + 1, &ready, NULL, NULL, NULL) < 0) {        /* 2 */
            perror("select");
            return 1;
        }
        for (int i = 0; i <= max; i++) {
            if (!FD_ISSET(i, &ready)) continue;
            if (i == fd) {
                int conn = accept(fd, NULL, NULL);
                if (conn < 0) { perror("accept"); return 1; }
                FD_SET(conn, &all);
                if (conn > max) max = conn;
            } else if (!step(i)) {
                FD_CLR(i, &all);
            }
        }
    }
}
