/* getaddrinfo(3) and getnameinfo(3): every error that needs no name server. */
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
#include <netdb.h>
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

static void look(const char *node, const char *service, int flags, int family, int type)
{
    struct addrinfo hints, *list = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = flags;
    hints.ai_family = family;
    hints.ai_socktype = type;
    int ret = getaddrinfo(node, service, &hints, &list);
    printf("%s %s %x: %d %s", node ? node : "-", service ? service : "-", flags, ret,
           ret ? gai_strerror(ret) : "");
    for (struct addrinfo *a = list; a; a = a->ai_next) {
        char host[64], port[16];
        getnameinfo(a->ai_addr, a->ai_addrlen, host, 64, port, 16, NI_NUMERICHOST | NI_NUMERICSERV);
        printf(" %s:%s/%d", host, port, a->ai_socktype);
    }
    printf("\n");
    if (list)
        freeaddrinfo(list);
}

int main(void)
{
    char host[4], port[16];
    struct sockaddr_in a = at("10.0.0.1", 80);
    look(NULL, NULL, 0, AF_INET, SOCK_STREAM);
    look("300.1.2.3", "80", AI_NUMERICHOST, AF_INET, SOCK_STREAM);
    look("10.0.0.1", "http", AI_NUMERICSERV, AF_INET, SOCK_STREAM);
    look("10.0.0.1", "80", 0, 99, SOCK_STREAM);
    look("10.0.0.1", "80", 0, AF_INET, 77);
    look("::1", "80", AI_NUMERICHOST, AF_INET, SOCK_STREAM);
    look("10.0.0.1", "80", AI_NUMERICHOST, AF_INET6, SOCK_STREAM);
    look("10.0.0.1", "80", AI_NUMERICHOST, AF_INET, 0);
    look(NULL, "80", AI_PASSIVE, AF_INET, SOCK_STREAM);
    look(NULL, "80", 0, AF_INET, SOCK_DGRAM);
    look(NULL, "80", 0, AF_INET6, SOCK_STREAM);
    look("10.1", "0x50", AI_NUMERICHOST, AF_INET, SOCK_STREAM);
    look("10.1", NULL, AI_NUMERICHOST, AF_INET, SOCK_STREAM);
    look("0x0a000001", "65536", AI_NUMERICHOST, AF_INET, SOCK_STREAM);
    look("10.0.0.1", "80", 0x8000000, AF_INET, SOCK_STREAM);
    look(NULL, "80", AI_CANONNAME, AF_INET, SOCK_STREAM);
    printf("%d\n", getnameinfo(ADDR(a), host, sizeof host, port, 16, NI_NUMERICHOST));
    printf("%d\n", getnameinfo((struct sockaddr *)&a, 4, host, 4, port, 16, NI_NUMERICHOST));
    printf("%d\n", getnameinfo(ADDR(a), NULL, 0, NULL, 0, 0));
    a.sin_family = 99;
    printf("%d\n", getnameinfo(ADDR(a), host, sizeof host, port, 16, NI_NUMERICHOST));
    return 0;
}
