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
    addr.sin_port = htons(7000);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        return 1;
    }

    if (listen(fd, 1) < 0) { perror("listen"); return 1; }          /* 2 */
    int conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }

    char buf[100];
    ssize_t n = recv(conn, buf, sizeof buf, 0);                     /* 3 */
    if (n < 0) { perror("recv"); return 1; }
    printf("recv: %zd bytes: %.*s\n", n, (int)n, buf);

    close(conn);
    close(fd);
    return 0;
}
