/* bind(2): every way to fail, and that a failed bind leaves the socket as it was. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

static struct sockaddr_in at(const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    return a;
}
#define ADDR(a) (struct sockaddr *)&(a), sizeof(a)

int main(void)
{
    struct sockaddr_in a = at("127.0.0.1", 7001), away = at("192.0.2.7", 7001), any = at("0.0.0.0", 7002);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(99, ADDR(a)));
    SAY(bind(0x7fff, ADDR(a)));
    SAY(bind(s, (struct sockaddr *)&a, 15));
    SAY(bind(s, (struct sockaddr *)&a, 0));
    struct sockaddr_storage room[2]; /* 129 bytes are really there */
    memset(room, 0, sizeof room);
    memcpy(room, &a, sizeof a);
    SAY(bind(s, (struct sockaddr *)room, 129));
    SAY(bind(s, (struct sockaddr *)&a, -1));
    SAY(bind(s, NULL, 16));
    SAY(bind(s, ADDR(away)));
    a.sin_family = AF_UNIX;
    SAY(bind(s, ADDR(a)));
    a.sin_family = AF_UNSPEC;
    SAY(bind(s, ADDR(a)));
    a.sin_family = AF_INET;
    SAY(bind(s, ADDR(a)));
    SAY(bind(s, ADDR(a)));
    int t = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(t, ADDR(a)));
    struct sockaddr_in b = at("127.0.0.2", 7001);
    SAY(bind(t, ADDR(b)));
    int u = socket(AF_INET, SOCK_STREAM, 0);
    any.sin_port = htons(7001);
    SAY(bind(u, ADDR(any)));
    struct sockaddr_in compat = at("0.0.0.0", 7003);
    compat.sin_family = AF_UNSPEC;
    SAY(bind(u, ADDR(compat)));
    int v = socket(AF_INET, SOCK_DGRAM, 0), w = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(bind(v, ADDR(a)));
    SAY(bind(w, ADDR(a)));
    struct sockaddr_in broadcast = at("255.255.255.255", 7004), multicast = at("224.0.0.5", 7005);
    SAY(bind(w, ADDR(broadcast)));
    int x = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(bind(x, ADDR(multicast)));
    int y = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(y, ADDR(broadcast)));
    SAY(bind(y, ADDR(multicast)));
    return 0;
}
