#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char *argv[])
{
    const char *path = argc > 1 ? argv[1] : "/tmp/soquete-eco";

    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_un addr;
    memset(&addr, 0, sizeof addr);
    addr.sun_family = AF_UNIX;
    strncpy(addr.sun_path, path, sizeof addr.sun_path - 1);

    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {   /* 5 */
        perror("connect");
        return 1;
    }

    char buf[100];
    if (send(fd, "ola", 3, 0) < 0) { perror("send"); return 1; }
    ssize_t n = recv(fd, buf, sizeof buf, 0);
    if (n < 0) { perror("recv"); return 1; }
    printf("recv: %.*s\n", (int)n, buf);
    close(fd);
    return 0;
}
