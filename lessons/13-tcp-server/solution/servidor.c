#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void talk(int conn)                                          /* 5 */
{
    char buf[100];
    ssize_t n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0) {
        printf("fd %d recv: %.*s\n", conn, (int)n, buf);
        fflush(stdout);
        if (send(conn, buf, n, 0) < 0) { perror("send"); break; }
    }
    if (n < 0) perror("recv");
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

    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {      /* 2 */
        perror("bind");
        return 1;
    }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }          /* 3 */

    for (;;) {
        int conn = accept(fd, NULL, NULL);                          /* 4 */
        if (conn < 0) { perror("accept"); return 1; }
        talk(conn);
        close(conn);                                                /* 6 */
    }
}
