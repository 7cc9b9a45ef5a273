#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

static int put_name(unsigned char *out, const char *name)           /* 1 */
{
    int size = strlen(name);
    out[0] = size;
    memcpy(out + 1, name, size);
    out[size + 1] = 0;
    return size + 2;
}

int main(int argc, char *argv[])
{
    const char *server = argc > 1 ? argv[1] : "127.0.0.1";
    const char *name = argc > 2 ? argv[2] : "www.lab.example";
    int port = argc > 3 ? atoi(argv[3]) : 53;

    unsigned char msg[512] = {
        0x12, 0x34,                                                 /* 2 */
        0x01, 0x00,
        0, 1, 0, 0, 0, 0, 0, 0                                      /* 3 */
    };
    int size = 12;
    size += put_name(msg + size, name);
    msg[size++] = 0; msg[size++] = 1;                               /* 4 */
    msg[size++] = 0; msg[size++] = 1;

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    struct timeval limit = { 2, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    if (inet_pton(AF_INET, server, &addr.sin_addr) != 1) return 1;
    if (sendto(fd, msg, size, 0, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("sendto");
        return 1;
    }

    ssize_t n = recv(fd, msg, sizeof msg, 0);                       /* 5 */
    if (n < 0) { perror("recv"); return 1; }
    if (n < 12) return 1;
    printf("id %02x%02x, rcode %d, answers %d\n", msg[0], msg[1], msg[3] & 15, msg[7]);
    if ((msg[3] & 15) == 0 && msg[7] > 0 && n >= 16)
        printf("%s: %d.%d.%d.%d\n", name, msg[n - 4], msg[n - 3], msg[n - 2], msg[n - 1]);  /* 6 */
    close(fd);
    return 0;
}
