#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

static int fd;

static void command(int count, const char *words[])                 /* 1 */
{
    char out[500];
    int size = snprintf(out, sizeof out, "*%d\r\n", count);
    for (int i = 0; i < count; i++)
        size += snprintf(out + size, sizeof out - size, "$%d\r\n%s\r\n",
                         3, words[i]);                              /* 2 */
    if (send(fd, out, size, 0) < 0) { perror("send"); exit(1); }
}

static void line(char *text, int room)                              /* 3 */
{
    int i = 0;
    char c;
    while (i < room - 1 && recv(fd, &c, 1, 0) == 1 && c != '\n')
        if (c != '\r') text[i++] = c;
    text[i] = '\0';
}

static void answer(void)                                            /* 4 */
{
    char text[200];
    line(text, sizeof text);
    printf("%s\n", text);
    if (text[0] == '$' && text[1] != '-') {
        line(text, sizeof text);
        printf("  %s\n", text);
    }
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    const char *port = argc > 2 ? argv[2] : "6379";

    struct addrinfo hints, *res;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    int err = getaddrinfo(host, port, &hints, &res);
    if (err != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(err));
        return 1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    if (connect(fd, res->ai_addr, res->ai_addrlen) < 0) { perror("connect"); return 1; }
    freeaddrinfo(res);

    const char *set[] = { "SET", "nome", "Ada" };
    const char *get[] = { "GET", "nome" };
    command(3, set);
    answer();
    command(2, get);
    answer();
    close(fd);
    return 0;
}
