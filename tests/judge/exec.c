/* execve(2): descriptors stay open unless FD_CLOEXEC; what cannot be run. */
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

int main(int argc, char *argv[])
{
    char *args[] = { "x", NULL };
    int p[2], q[2];
    SAY(execv("/tmp/no-such-program", args));
    SAY(execv("/tmp", args));
    int f = open("/tmp/text", O_CREAT | O_WRONLY, 0600);
    SAY(write(f, "text\n", 5));
    SAY(close(f));
    SAY(execv("/tmp/text", args));
    SAY(pipe(p));
    SAY(pipe2(q, O_CLOEXEC));
    SAY(fcntl(p[0], F_GETFD));
    SAY(fcntl(q[0], F_GETFD));
    SAY(fcntl(q[0], F_SETFD, 0));
    SAY(fcntl(q[0], F_GETFD));
    SAY(execv(NULL, args));
    return argc > 1 || argv[1] != NULL;
}
