/* Without SO_BROADCAST it may not; with it, to the network and to all ones. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
    int one = 1, s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in net = at("10.0.255.255", 6000), all = at("255.255.255.255", 6000);
    struct sockaddr_in host = at("10.0.0.1", 6000);
    SAY(sendto(s, "a", 1, 0, ADDR(net)));
    SAY(sendto(s, "a", 1, 0, ADDR(all)));
    SAY(setsockopt(s, SOL_SOCKET, SO_BROADCAST, &one, sizeof one));
    SAY(sendto(s, "net", 3, 0, ADDR(net)));
    SAY(sendto(s, "net2", 4, 0, ADDR(net)));
    SAY(sendto(s, "host", 4, 0, ADDR(host)));
    SAY(connect(s, ADDR(net)));
    SAY(close(s));
    int t = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(t, ADDR(net)));
    return 0;
}
