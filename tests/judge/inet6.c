/* AF_INET6: v4-mapped addresses and IPV6_V6ONLY. */
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


int main(void)
{
    struct sockaddr_in6 a6, peer;
    struct sockaddr_in a4;
    socklen_t len = sizeof peer;
    char text[64];
    int s = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    memset(&a6, 0, sizeof a6);
    a6.sin6_family = AF_INET6;
    a6.sin6_port = htons(7141);
    a6.sin6_addr = in6addr_any;
    memset(&a4, 0, sizeof a4);
    a4.sin_family = AF_INET;
    a4.sin_port = htons(7141);
    a4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SAY(bind(s, (struct sockaddr *)&a6, 23));
    SAY(bind(s, (struct sockaddr *)&a6, sizeof a6));
    SAY(listen(s, 5));
    SAY(connect(c, (struct sockaddr *)&a4, sizeof a4));
    int d = accept(s, (struct sockaddr *)&peer, &len);
    printf("%d %s %d\n", d > 0, inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof text), len);
    int t = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(t, (struct sockaddr *)&a4, sizeof a4));
    int v = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(setsockopt(v, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one));
    a6.sin6_port = a4.sin_port = htons(7142);
    SAY(bind(v, (struct sockaddr *)&a6, sizeof a6));
    SAY(listen(v, 5));
    int w = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(w, (struct sockaddr *)&a4, sizeof a4));
    SAY(bind(w, (struct sockaddr *)&a6, sizeof a6));
    int x = socket(AF_INET6, SOCK_STREAM, 0);
    a6.sin6_addr = in6addr_loopback;
    SAY(connect(x, (struct sockaddr *)&a6, sizeof a6));
    len = sizeof peer;
    SAY(getpeername(x, (struct sockaddr *)&peer, &len));
    printf("%s\n", inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof text));
    return 0;
}
