#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static uint32_t lamport = 0;

static void event(const char *me, const char *what)
{
    lamport = lamport + 1;                                          /* 1 */
    printf("%s: %s t=%u\n", me, what, (unsigned)lamport);
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    if (argc < 4) {
        fprintf(stderr, "no NAME NEXT-IP LOCAL-EVENTS [start]\n");
        return 2;
    }
    const char *me = argv[1];
    int work = atoi(argv[3]);
    int starts = argc > 4;

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7200);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (inet_pton(AF_INET, argv[2], &addr.sin_addr) != 1) return 2;

    for (int i = 0; i < work; i++) event(me, "local");

    uint32_t stamp;
    if (!starts) {
        if (recv(fd, &stamp, sizeof stamp, 0) < 0) { perror("recv"); return 1; }  /* 3 */
        event(me, "recv");                                          /* 4 */
    }

    event(me, "send");
    stamp = htonl(lamport);                                         /* 2 */
    if (sendto(fd, &stamp, sizeof stamp, 0, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("sendto");
        return 1;
    }

    if (starts) {
        if (recv(fd, &stamp, sizeof stamp, 0) < 0) { perror("recv"); return 1; }
        event(me, "recv");                                          /* 5 */
    }
    close(fd);
    return 0;
}
