#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    const char *port = argc > 2 ? argv[2] : "8080";
    const char *path = argc > 3 ? argv[3] : "/";

    struct addrinfo hints, *res;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    int err = getaddrinfo(host, port, &hints, &res);
    if (err != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(err));
        return 1;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    if (connect(fd, res->ai_addr, res->ai_addrlen) < 0) { perror("connect"); return 1; }
    freeaddrinfo(res);

    char request[500];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\n"                       /* 1 */
                        "Connection: close\r\n"                     /* 2 */
                        "\r\n", path);                              /* 3 */
    if (send(fd, request, size, 0) < 0) { perror("send"); return 1; }

    char buf[1000];
    ssize_t n;
    while ((n = recv(fd, buf, sizeof buf, 0)) > 0)                  /* 4 */
        fwrite(buf, 1, n, stdout);
    if (n < 0) perror("recv");
    close(fd);
    return 0;
}
