/* /etc/hosts is a file like others, and names come from it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
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
#include <netdb.h>

int main(void)
{
    FILE *f = fopen("/etc/hosts", "r");
    char line[200];
    struct hostent *h;
    struct stat st;
    int found = 0;
    while (f && fgets(line, sizeof line, f))
        if (strstr(line, "localhost") && strstr(line, "127.0.0.1"))
            found = 1;
    printf("localhost is there: %d\n", found);
    SAY(stat("/etc/hosts", &st));
    printf("a file %d, mode %o, of %d\n", S_ISREG(st.st_mode), st.st_mode & 0777, (int)st.st_uid);
    SAY(open("/etc/hosts", O_RDWR));
    SAY(open("/etc/hosts", O_RDONLY | O_TRUNC));
    SAY(unlink("/etc/hosts"));
    SAY(open("/etc/new", O_CREAT | O_RDWR, 0600));
    SAY(access("/etc/hosts", R_OK));
    SAY(access("/etc/hosts", W_OK));
    h = gethostbyname("localhost");
    printf("%s\n", h ? inet_ntoa(*(struct in_addr *)h->h_addr_list[0]) : "nobody");
    return 0;
}
