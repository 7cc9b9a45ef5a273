/* Joins a group and hears it; a second socket on the port that has not joined hears it too. */
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
    char buf[64];
    int one = 1;
    struct sockaddr_in any = at("0.0.0.0", 6100), from;
    socklen_t len = sizeof from;
    struct ip_mreq group;
    memset(&group, 0, sizeof group);
    inet_pton(AF_INET, "239.1.2.3", &group.imr_multiaddr);
    inet_pton(AF_INET, "10.0.0.1", &group.imr_interface);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    SAY(bind(s, ADDR(any)));
    SAY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
    SAY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
    for (int i = 0; i < 2; i++) {
        ssize_t n = recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&from, &len);
        printf("%.*s from %s\n", (int)n, buf, inet_ntoa(from.sin_addr));
    }
    SAY(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group));
    SAY(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group));
    inet_pton(AF_INET, "10.0.0.9", &group.imr_multiaddr);
    SAY(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
    return 0;
}
