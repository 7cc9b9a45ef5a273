#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char *argv[])
{
    const char *path = argc > 1 ? argv[1] : "/tmp/soquete-eco";

    int fd = socket(AF_UNIX, SOCK_STREAM, 0);                       /* 1 */
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_un addr;                                        /* 2 */
    memset(&addr, 0, sizeof addr);
    addr.sun_family = AF_UNIX;
    strncpy(addr.sun_path, path, sizeof addr.sun_path - 1);

    unlink(path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {      /* 3 */
        perror("bind");
        return 1;
    }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }

    int conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }

    char buf[100];
    ssize_t n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0) {
        printf("recv: %zd bytes\n", n);
        send(conn, buf, n, 0);
    }
    close(conn);
    close(fd);                                                      /* 4 */
    printf("close\n");
    return 0;
}
