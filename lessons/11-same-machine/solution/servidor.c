#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);                  /* 1 */
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        return 1;
    }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }

    for (;;) {
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        int conn = accept(fd, (struct sockaddr *)&peer, &len);      /* 2 */
        if (conn < 0) { perror("accept"); return 1; }
        printf("accept: %s\n", inet_ntoa(peer.sin_addr));
        fflush(stdout);
        send(conn, "ola\n", 4, 0);
        close(conn);
    }
}
