/* The address workshop's questions, answered by this kernel and this libc.
   argv: address, port, prefix length, path of a Unix socket. One answer a line: name=value. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void bytes(const char *name, const void *data, int len)
{
    const unsigned char *p = data;
    printf("%s=", name);
    for (int i = 0; i < len; i++)
        printf("%s%02x", i ? " " : "", p[i]);
    printf("\n");
}

int main(int argc, char *argv[])
{
    const char *text = argc > 1 ? argv[1] : "127.0.0.1";
    const char *service = argc > 2 ? argv[2] : "8080";
    int prefix = argc > 3 ? atoi(argv[3]) : 24;
    const char *path = argc > 4 ? argv[4] : "/tmp/x";
    unsigned short port = atoi(service);

    unsigned short net_port = htons(port);
    bytes("port", &port, sizeof port);
    bytes("htons", &net_port, sizeof net_port);
    printf("htons.value=%u\n", net_port);
    printf("ntohs=%u\n", ntohs(net_port));

    struct in_addr four = { 0 };
    int ok4 = inet_pton(AF_INET, text, &four);
    printf("inet_pton4=%d\n", ok4);
    if (ok4 == 1) {
        char back[INET_ADDRSTRLEN];
        bytes("inet_pton4.bytes", &four, sizeof four);
        printf("s_addr=%u\n", four.s_addr);
        printf("ntohl=%u\n", ntohl(four.s_addr));
        printf("inet_ntop4=%s\n", inet_ntop(AF_INET, &four, back, sizeof back));
    }
    struct in6_addr six;
    int ok6 = inet_pton(AF_INET6, text, &six);
    printf("inet_pton6=%d\n", ok6);
    if (ok6 == 1) {
        char back[INET6_ADDRSTRLEN];
        bytes("inet_pton6.bytes", &six, sizeof six);
        printf("inet_ntop6=%s\n", inet_ntop(AF_INET6, &six, back, sizeof back));
    }
    struct in_addr old = { 0 };
    int ok_old = inet_aton(text, &old);
    printf("inet_aton=%d\n", ok_old);
    if (ok_old)
        bytes("inet_aton.bytes", &old, sizeof old);
    unsigned int older = inet_addr(text);
    printf("inet_addr=%u\n", older);
    bytes("inet_addr.bytes", &older, sizeof older);
    if (ok_old)
        printf("inet_ntoa=%s\n", inet_ntoa(old));

    if (ok_old && prefix >= 0 && prefix <= 32) {
        unsigned int mask = prefix ? 0xffffffffu << (32 - prefix) : 0;
        struct in_addr m = { htonl(mask) };
        struct in_addr net = { old.s_addr & htonl(mask) };
        struct in_addr all = { old.s_addr | htonl(~mask) };
        printf("mask=%s\n", inet_ntoa(m));
        printf("network=%s\n", inet_ntoa(net));
        printf("broadcast=%s\n", inet_ntoa(all));
    }

    struct sockaddr_in in;
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in.sin_addr = old;
    bytes("sockaddr_in", &in, sizeof in);
    in.sin_port = port;
    bytes("sockaddr_in.forgotten", &in, sizeof in);
    printf("forgotten=%u\n", ntohs(in.sin_port));

    struct sockaddr_in6 in6;
    memset(&in6, 0, sizeof in6);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    if (ok6 == 1)
        in6.sin6_addr = six;
    bytes("sockaddr_in6", &in6, sizeof in6);

    struct sockaddr_un un;
    memset(&un, 0, sizeof un);
    un.sun_family = AF_UNIX;
    strncpy(un.sun_path, path, sizeof un.sun_path - 1);
    bytes("sockaddr_un", &un, 24);
    printf("sockaddr_un.size=%zu\n", sizeof un);

    struct addrinfo hints, *list;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    int error = getaddrinfo(text, service, &hints, &list);
    printf("getaddrinfo=%d\n", error);
    if (error != 0) {
        printf("gai_strerror=%s\n", gai_strerror(error));
    } else {
        for (struct addrinfo *one = list; one; one = one->ai_next) {
            char host[64], serv[16];
            if (getnameinfo(one->ai_addr, one->ai_addrlen, host, sizeof host, serv, sizeof serv,
                            NI_NUMERICHOST | NI_NUMERICSERV) == 0)
                printf("addrinfo=%s %s %s\n", one->ai_family == AF_INET6 ? "AF_INET6" : "AF_INET", host, serv);
        }
        freeaddrinfo(list);
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    in.sin_port = htons(port);
    int bound = bind(fd, (struct sockaddr *)&in, sizeof in);
    printf("bind=%d\n", bound);
    if (bound < 0)
        printf("bind.errno=%d %s\n", errno, strerror(errno));
    return 0;
}
