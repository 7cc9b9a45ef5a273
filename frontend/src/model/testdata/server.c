/* Servidor de eco: devolve tudo o que recebe, um cliente de cada vez, sem fim. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#define PORT 5000
#define SIZE 256

int main(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(PORT);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        return 1;
    }
    listen(fd, 5);
    for (;;) {
        int conn = accept(fd, NULL, NULL);
        char buf[SIZE];
        ssize_t n;
        while ((n = recv(conn, buf, sizeof buf, 0)) > 0) {
            printf("recebi %zd bytes\n", n);
            send(conn, buf, n, 0);
        }
        printf("o cliente desligou\n");
        close(conn);
    }
}
