/* SO_REUSEADDR and SO_REUSEPORT: who may share a port. */
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
    struct sockaddr_in a = at("127.0.0.1", 7011);
    int one = 1, s[6];
    for (int i = 0; i < 6; i++)
        s[i] = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(s[0], ADDR(a)));
    setsockopt(s[1], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    SAY(bind(s[1], ADDR(a)));
    close(s[0]);
    SAY(bind(s[1], ADDR(a)));
    setsockopt(s[2], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    SAY(bind(s[2], ADDR(a)));
    SAY(listen(s[1], 5));
    SAY(listen(s[2], 5));
    struct sockaddr_in b = at("127.0.0.1", 7012);
    setsockopt(s[3], SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    SAY(bind(s[3], ADDR(b)));
    SAY(listen(s[3], 5));
    SAY(bind(s[4], ADDR(b)));
    setsockopt(s[4], SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    SAY(bind(s[4], ADDR(b)));
    SAY(listen(s[4], 5));
    struct sockaddr_in any = at("0.0.0.0", 7011);
    setsockopt(s[5], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    SAY(bind(s[5], ADDR(any)));
    return 0;
}
