#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";
    const char *words[] = { "um", "dois", "tres" };

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    struct timeval second = { 0, 0 };                               /* 4 */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);

    struct sockaddr_in addr, from;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7400);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;

    for (int i = 0; i < 3; i++) {
        if (sendto(fd, words[i], strlen(words[i]), 0,
                   (struct sockaddr *)&addr, sizeof addr) < 0) {    /* 5 */
            perror("sendto");
            return 1;
        }
        char buf[100];
        socklen_t len = sizeof from;
        ssize_t n = recvfrom(fd, buf, sizeof buf, 0, (struct sockaddr *)&from, &len);  /* 6 */
        if (n < 0) { perror("recvfrom"); return 1; }                /* 7 */
        printf("recvfrom: %.*s\n", (int)n, buf);
        fflush(stdout);
    }
    close(fd);
    return 0;
}
