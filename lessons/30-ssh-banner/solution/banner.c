#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

static int read_line(int fd, char *line, int room)                  /* 1 */
{
    int n = 0;
    while (n < room - 1) {
        ssize_t r = recv(fd, line + n, 1, 0);
        if (r < 0) return -1;
        if (r == 0 || line[n] == '\n') break;
        n++;
    }
    return n;
}

int main(int argc, char *argv[])
{
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    const char *port = argc > 2 ? argv[2] : "22";
    char line[256];

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

    int n = read_line(fd, line, sizeof line);
    if (n < 0) { perror("recv"); return 1; }
    line[n] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    printf("[%s]\n", line);                                         /* 2 */

    if (send(fd, "SSH-2.0-aluno\r\n", 15, 0) < 0) perror("send");  /* 3 */
    close(fd);
    return 0;
}
