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
    static char block[200000];

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4) < 0) /* 2 */
        perror("setsockopt");
    char name[16] = "";
    socklen_t len = sizeof name;
    getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len);        /* 3 */
    printf("congestion control: %s\n", name);
    fflush(stdout);

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7700);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("connect"); return 1; }

    long total = 0;
    while (total < (long)sizeof block) {
        ssize_t n = send(fd, block + total, sizeof block - total, 0);  /* 4 */
        if (n < 0) { perror("send"); return 1; }
        total += n;
    }
    shutdown(fd, SHUT_WR);
    char end;
    if (recv(fd, &end, 1, 0) == 0) printf("done\n");                /* 5 */
    close(fd);
    return 0;
}
