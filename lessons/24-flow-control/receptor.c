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
    int room = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);      /* 1 */

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7600);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 1) < 0) { perror("listen"); return 1; }

    int conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }
    sleep(5);                                                       /* 2 */

    char buf[2000];
    long total = 0;
    ssize_t n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0) total += n;    /* 3 */
    printf("total: %ld\n", total);
    close(conn);
    close(fd);
    return 0;
}
