/* Cliente de eco: envia as linhas digitadas e mostra as respostas. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#define PORT 5000
#define SIZE 256

int main(int argc, char *argv[]) {
    if (argc < 2) {
        fprintf(stderr, "uso: %s endereco\n", argv[0]);
        return 1;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in server;
    memset(&server, 0, sizeof server);
    server.sin_family = AF_INET;
    server.sin_port = htons(PORT);
    server.sin_addr.s_addr = inet_addr(argv[1]);
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("connect");
        return 1;
    }
    char line[SIZE];
    while (fgets(line, sizeof line, stdin) != NULL) {
        send(fd, line, strlen(line), 0);
        ssize_t n = recv(fd, line, sizeof line - 1, 0);
        if (n <= 0)
            break;
        line[n] = '\0';
        printf("resposta: %s", line);
    }
    close(fd);
    return 0;
}
