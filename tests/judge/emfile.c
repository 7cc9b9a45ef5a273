/* No more descriptors: EMFILE from every call that makes one; what was open stays. */
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
#include <sys/resource.h>
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
    struct rlimit small = { 6, 6 }, now;
    int p[2], a = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = at("127.0.0.1", 7100);
    SAY(bind(a, ADDR(any)));
    SAY(listen(a, 1));
    SAY(setrlimit(RLIMIT_NOFILE, &small));
    SAY(getrlimit(RLIMIT_NOFILE, &now));
    printf("%d %d\n", (int)now.rlim_cur, (int)now.rlim_max);
    SAY(socket(AF_INET, SOCK_DGRAM, 0));
    int c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(c, ADDR(any)));
    SAY(socket(AF_INET, SOCK_STREAM, 0));
    SAY(dup(a));
    SAY(pipe(p));
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    SAY(epoll_create1(0));
    SAY(open("/tmp", O_RDONLY));
    SAY(accept(a, NULL, NULL));
    SAY(dup2(a, 6));
    SAY(fcntl(a, F_DUPFD, 6));
    SAY(fcntl(a, F_DUPFD, 5));
    SAY(dup2(a, 4));
    SAY(close(4));
    SAY(accept(a, NULL, NULL));
    small.rlim_max = 100;
    SAY(setrlimit(RLIMIT_NOFILE, &small));
    return 0;
}
