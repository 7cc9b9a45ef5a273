#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static ssize_t recv_message(int conn, char *buf, size_t room)       /* 2 */
{
    uint16_t size;
    ssize_t n = recv(conn, &size, sizeof size, MSG_WAITALL);
    if (n <= 0) return n;
    if (ntohs(size) > room) return -1;
    return recv(conn, buf, ntohs(size), MSG_WAITALL);
}

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7300);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }
    int conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }
    sleep(1);                                                       /* 3 */

    char buf[100];
    ssize_t n;
    int count = 0;
    while ((n = recv_message(conn, buf, sizeof buf)) > 0)
        printf("tcp message %d: %.*s\n", ++count, (int)n, buf);
    if (n < 0) perror("recv");
    close(conn);
    close(fd);
    return 0;
}
