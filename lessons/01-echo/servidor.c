#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    int port = argc > 1 ? atoi(argv[1]) : 8080;

    int fd = socket(AF_INET, SOCK_STREAM, 0);                       /* 1 */
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);

    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {      /* 2 */
        perror("bind");
        return 1;
    }
    if (listen(fd, 5) < 0) {                                        /* 3 */
        perror("listen");
        return 1;
    }
    printf("listen: %d\n", port);
    fflush(stdout);

    for (;;) {
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        int conn = accept(fd, (struct sockaddr *)&peer, &len);      /* 4 */
        if (conn < 0) { perror("accept"); return 1; }
        printf("accept: fd %d, %s:%d\n", conn, inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
        fflush(stdout);

        char buf[256];
        ssize_t n;
        while ((n = recv(conn, buf, sizeof buf, 0)) > 0) {          /* 5 */
            printf("recv: %zd bytes\n", n);
            fflush(stdout);
            if (send(conn, buf, n, 0) < 0) {                        /* 6 */
                perror("send");
                break;
            }
        }
        if (n < 0) perror("recv");
        close(conn);                                                /* 7 */
        printf("close: fd %d\n", conn);
        fflush(stdout);
    }
}
