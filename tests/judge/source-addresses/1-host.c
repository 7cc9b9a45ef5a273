/* Where packets go from an address that is chosen already: by bind(2), by an earlier connect(2), by
 * a device; which port is chosen, and when. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

#define V4(ip, port) &(struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(ip) }, 16

static int bind4(int s, const char *ip, int port) { return bind(s, (struct sockaddr *)V4(ip, port)); }
static int connect4(int s, const char *ip, int port) { return connect(s, (struct sockaddr *)V4(ip, port)); }
static int send4(int s, const char *ip, int port) { return sendto(s, "x", 1, 0, (struct sockaddr *)V4(ip, port)); }

static struct sockaddr_in6 v6(const char *ip, int port)
{
    struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    inet_pton(AF_INET6, ip, &a.sin6_addr);
    return a;
}
static int bind6(int s, const char *ip, int port) { struct sockaddr_in6 a = v6(ip, port); return bind(s, (struct sockaddr *)&a, sizeof a); }
static int connect6(int s, const char *ip, int port) { struct sockaddr_in6 a = v6(ip, port); return connect(s, (struct sockaddr *)&a, sizeof a); }

static int udp(void) { return socket(AF_INET, SOCK_DGRAM, 0); }
static int tcp(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int set(int s, int level, int name, int value) { return setsockopt(s, level, name, &value, sizeof value); }

/* The socket's own address; of the port only whether there is one. */
static void name(int s)
{
    struct sockaddr_in a;
    socklen_t len = sizeof a;
    getsockname(s, (struct sockaddr *)&a, &len);
    printf("%s, %s\n", inet_ntoa(a.sin_addr), a.sin_port ? "a port" : "no port");
}

int main(void)
{
    int s = udp();
    SAY(connect4(s, "10.0.0.1", 9));
    name(s);
    SAY(connect4(s, "127.0.0.1", 9)); /* the source stays */
    name(s);
    close(s);

    s = udp();
    SAY(connect4(s, "127.0.0.1", 9));
    SAY(connect4(s, "10.0.0.2", 9)); /* loopback must not leave the host */
    name(s);
    close(s);

    s = udp();
    SAY(bind4(s, "127.0.0.1", 0));
    SAY(send4(s, "10.0.0.2", 9));
    SAY(send4(s, "239.1.2.3", 9));
    SAY(send4(s, "10.0.0.1", 9));
    close(s);
    s = tcp();
    SAY(bind4(s, "127.0.0.1", 0));
    SAY(connect4(s, "10.0.0.2", 9));
    close(s);

    /* The source's interface takes what goes to a group or to everybody. */
    s = udp();
    SAY(bind4(s, "10.0.0.1", 0));
    SAY(send4(s, "255.255.255.255", 9));
    SAY(set(s, SOL_SOCKET, SO_BROADCAST, 1));
    SAY(send4(s, "255.255.255.255", 9));
    SAY(connect4(s, "239.1.2.3", 9));
    name(s);
    close(s);

    s = udp();
    SAY(set(s, SOL_IP, IP_UNICAST_IF, htonl(99)));
    SAY(set(s, SOL_IP, IP_UNICAST_IF, htonl(1)));
    SAY(set(s, SOL_IP, IP_UNICAST_IF, 0));
    close(s);

    s = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(bind6(s, "fe80::1", 0));
    SAY(bind6(s, "ff02::1", 0));
    SAY(bind6(s, "ff0e::1", 0));
    SAY(connect6(s, "fe80::9", 9));
    close(s);
    s = socket(AF_INET6, SOCK_DGRAM, 0);
    SAY(bind6(s, "ff02::1", 0));
    SAY(connect6(s, "fe80::9", 9));
    close(s);
    s = socket(AF_INET6, SOCK_STREAM, 0);
    SAY(set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    SAY(bind6(s, "::ffff:127.0.0.1", 7700));
    SAY(connect6(s, "::ffff:127.0.0.1", 9));
    SAY(bind6(s, "::", 7700));
    close(s);

    /* An address without a port: connect(2) or the first datagram choose it. */
    s = udp();
    SAY(set(s, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1));
    SAY(bind4(s, "127.0.0.1", 0));
    name(s);
    SAY(send4(s, "127.0.0.1", 9));
    name(s);
    close(s);
    s = tcp();
    SAY(set(s, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1));
    SAY(bind4(s, "127.0.0.1", 0));
    name(s);
    SAY(bind4(s, "127.0.0.1", 0));
    close(s);
    return 0;
}
