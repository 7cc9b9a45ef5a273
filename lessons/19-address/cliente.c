#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void dump(const char *name, const void *data, int size)      /* 1 */
{
    const unsigned char *byte = data;
    printf("%s:", name);
    for (int i = 0; i < size; i++) printf(" %02x", byte[i]);
    printf("\n");
}

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = 8080;                                           /* 2 */
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;      /* 3 */

    printf("sizeof: %d\n", (int)sizeof addr);
    dump("sin_family", &addr.sin_family, sizeof addr.sin_family);
    dump("sin_port", &addr.sin_port, sizeof addr.sin_port);
    dump("sin_addr", &addr.sin_addr, sizeof addr.sin_addr);
    dump("sin_zero", addr.sin_zero, sizeof addr.sin_zero);          /* 4 */
    dump("all", &addr, sizeof addr);
    printf("port on the wire: %d\n", ntohs(addr.sin_port));
    fflush(stdout);

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {   /* 5 */
        perror("connect");
        return 1;
    }
    printf("connect: ok\n");
    close(fd);
    return 0;
}
