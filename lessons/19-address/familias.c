#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void dump(const char *name, const void *data, int size)
{
    const unsigned char *byte = data;
    printf("%s (%d):", name, size);
    for (int i = 0; i < size; i++) printf(" %02x", byte[i]);
    printf("\n");
}

int main(void)
{
    struct sockaddr_in6 six;                                        /* 6 */
    memset(&six, 0, sizeof six);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(8080);
    inet_pton(AF_INET6, "::1", &six.sin6_addr);
    dump("sockaddr_in6", &six, sizeof six);

    struct sockaddr_un un;                                          /* 7 */
    memset(&un, 0, sizeof un);
    un.sun_family = AF_UNIX;
    strcpy(un.sun_path, "/tmp/eco");
    dump("sockaddr_un", &un, 12);
    printf("sizeof: %d\n", (int)sizeof un);
    return 0;
}
