#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";
    char line[100];

    int fd = socket(AF_INET, SOCK_STREAM, 0);                       /* 1 */
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) {
        fprintf(stderr, "inet_pton: %s\n", ip);
        return 1;
    }

    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {   /* 2 */
        perror("connect");
        return 1;
    }

    while (fgets(line, sizeof line, stdin) != NULL) {               /* 3 */
        printf("> %s", line);
                                                                    /* 4 */
    }

    close(fd);                                                      /* 5 */
    return 0;
}
