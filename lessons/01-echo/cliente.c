#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netdb.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    const char *port = argc > 2 ? argv[2] : "8080";
    const char *words[] = { "ola", "tudo bem?", "tchau" };

    struct addrinfo hints, *res;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    int err = getaddrinfo(host, port, &hints, &res);                /* 1 */
    if (err != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(err));
        return 1;
    }

    int fd = socket(AF_INET, SOCK_STREAM, 0);                       /* 2 */
    if (fd < 0) { perror("socket"); return 1; }

    if (connect(fd, res->ai_addr, res->ai_addrlen) < 0) {           /* 3 */
        perror("connect");
        return 1;
    }
    freeaddrinfo(res);
    printf("connect: fd %d\n", fd);

    for (int i = 0; i < 3; i++) {
        if (send(fd, words[i], strlen(words[i]), 0) < 0) {          /* 4 */
            perror("send");
            return 1;
        }
        char buf[256];
        ssize_t n = recv(fd, buf, sizeof buf - 1, 0);               /* 5 */
        if (n < 0) { perror("recv"); return 1; }
        if (n == 0) { printf("recv: 0\n"); break; }
        buf[n] = '\0';
        printf("recv: %s\n", buf);
    }

    close(fd);                                                      /* 6 */
    printf("close: fd %d\n", fd);
    return 0;
}
