/* Echo requests; the answer comes with its IP header. */
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

static unsigned short checksum(const void *data, int len)
{
    const unsigned short *words = data;
    unsigned sum = 0;
    for (; len > 1; len -= 2)
        sum += *words++;
    sum = (sum >> 16) + (sum & 0xffff);
    sum += sum >> 16;
    return ~sum;
}

int main(void)
{
    unsigned char packet[16], buf[128];
    struct sockaddr_in a = at("10.0.0.1", 0), from;
    socklen_t len = sizeof from;
    int s = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    memset(packet, 0, sizeof packet);
    packet[0] = 8;
    packet[4] = 0x12;
    packet[8] = 'x';
    unsigned short sum = checksum(packet, sizeof packet);
    memcpy(packet + 2, &sum, 2);
    SAY(sendto(s, packet, sizeof packet, 0, ADDR(a)));
    ssize_t n = recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *)&from, &len);
    printf("%d bytes from %s: version %x, protocol %d, type %d code %d, %c\n", (int)n,
           inet_ntoa(from.sin_addr), buf[0], buf[9], buf[20], buf[21], buf[28]);
    SAY(close(s));
    return 0;
}
