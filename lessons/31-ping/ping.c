#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

struct echo {                                                       /* 1 */
    uint8_t type, code;
    uint16_t checksum, id, seq;
    char data[8];
};

static uint16_t checksum(const void *data, int size)                /* 2 */
{
    (void)data;
    (void)size;
    return 0;
}

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);               /* 3 */
    if (fd < 0) { perror("socket"); return 1; }
    struct timeval limit = { 2, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;

    struct echo msg;
    memset(&msg, 0, sizeof msg);
    msg.type = 8;
    msg.id = htons(0x50);
    msg.seq = htons(1);
    memcpy(msg.data, "soquete", 8);
    msg.checksum = checksum(&msg, sizeof msg);
    if (sendto(fd, &msg, sizeof msg, 0, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("sendto");
        return 1;
    }

    for (;;) {
        unsigned char buf[200];
        ssize_t n = recv(fd, buf, sizeof buf, 0);                   /* 4 */
        if (n < 0) { perror("recv"); return 1; }
        int header = (buf[0] & 15) * 4;                             /* 5 */
        if (n >= header + 8 && buf[header] == 0) {
            printf("echo reply: %zd bytes, ttl %d\n", n - header, buf[8]);
            break;
        }
    }
    close(fd);
    return 0;
}
