#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct attempt { const char *name; int family, type, protocol; };

static const struct attempt attempts[] = {                          /* 1 */
    { "INET STREAM 0",   AF_INET,  SOCK_STREAM, 0 },
    { "INET STREAM TCP", AF_INET,  SOCK_STREAM, IPPROTO_TCP },
    { "INET DGRAM 0",    AF_INET,  SOCK_DGRAM,  0 },
    { "INET6 STREAM 0",  AF_INET6, SOCK_STREAM, 0 },
    { "UNIX STREAM 0",   AF_UNIX,  SOCK_STREAM, 0 },
                                                                    /* 2 */
};

int main(void)
{
    int count = sizeof attempts / sizeof attempts[0];
    for (int i = 0; i < count; i++) {
        const struct attempt *a = &attempts[i];
        int fd = socket(a->family, a->type, a->protocol);           /* 3 */
        if (fd < 0) {
            printf("%s: %d %s\n", a->name, errno, strerror(errno)); /* 4 */
        } else {
            printf("%s: fd %d\n", a->name, fd);
            close(fd);                                              /* 5 */
        }
    }
    return 0;
}
