#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";
    static char block[10000];
    long total = 0;

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    int room = 8192;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);      /* 4 */

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7600);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("connect"); return 1; }

    while (total < 60000) {
        long want = 60000 - total;
        if (want > (long)sizeof block) want = sizeof block;
        ssize_t n = send(fd, block, want, MSG_DONTWAIT);            /* 5 */
        if (n < 0 && errno == EAGAIN) {
            printf("full\n");
            fflush(stdout);
            sleep(1);
            continue;
        }
        if (n < 0) { perror("send"); return 1; }
        total += n;
        printf("send: %ld\n", total);
        fflush(stdout);
    }
    close(fd);                                                      /* 6 */
    return 0;
}
