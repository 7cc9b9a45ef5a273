/* socket(2): what each family, type and protocol answers. */
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
    SAY(socket(AF_INET, SOCK_STREAM, 0));
    SAY(socket(AF_INET, SOCK_DGRAM, 0));
    SAY(socket(AF_UNIX, SOCK_STREAM, 0));
    close(4);
    SAY(socket(AF_INET6, SOCK_STREAM, 0));
    SAY(socket(0, SOCK_STREAM, 0));
    SAY(socket(7, 99, 3));
    SAY(socket(AF_INET, 75, 0));
    SAY(socket(AF_INET, SOCK_SEQPACKET, 0));
    SAY(socket(AF_INET, SOCK_RDM, 0));
    SAY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SAY(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
    SAY(socket(AF_INET, SOCK_STREAM, IPPROTO_ICMP));
    SAY(socket(AF_INET, SOCK_STREAM, 300));
    SAY(socket(AF_INET, SOCK_STREAM, -1));
    SAY(socket(AF_INET, 0, 0));
    SAY(socket(AF_INET, -1, 0));
    SAY(socket(-1, SOCK_STREAM, 0));
    SAY(socket(1000, SOCK_STREAM, 0));
    SAY(socket(AF_UNIX, SOCK_STREAM, 2));
    SAY(socket(AF_UNIX, SOCK_STREAM, 1));
    SAY(socket(AF_UNIX, SOCK_RDM, 0));
    SAY(socket(AF_UNIX, SOCK_SEQPACKET, 0));
    SAY(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    SAY(fcntl(9, F_GETFL));
    SAY(fcntl(9, F_GETFD));
    SAY(socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP));
    SAY(socket(AF_INET6, SOCK_STREAM, IPPROTO_UDP));
    SAY(socket(AF_INET, SOCK_RAW, 0));
    return 0;
}
