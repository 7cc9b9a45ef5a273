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
    int on = 1;                                                     /* 1 */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {      /* 2 */
        perror("bind");
        return 1;
    }
    printf("bind: ok\n");
    fflush(stdout);
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }

    int conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }
    send(conn, "tchau\n", 6, 0);
    close(conn);                                                    /* 3 */
    close(fd);
    return 0;
}
