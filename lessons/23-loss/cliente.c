#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";
    const char *words[] = { "um", "dois", "tres" };

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("connect"); return 1; }                                                                    /* 1 */
    for (int i = 0; i < 3; i++) {
        sleep(2);
        if (send(fd, words[i], strlen(words[i]), 0) < 0) { perror("send"); return 1; }  /* 2 */
        char buf[100];
        ssize_t n = recv(fd, buf, sizeof buf, 0);                   /* 3 */
        if (n < 0) { perror("recv"); return 1; }
        printf("recv: %.*s\n", (int)n, buf);
        fflush(stdout);
    }
    close(fd);
    return 0;
}
