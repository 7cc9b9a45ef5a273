/* AF_UNIX streams: paths, left-over files, end of file, reset. */
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


static struct sockaddr_un path(const char *p)
{
    struct sockaddr_un a;
    memset(&a, 0, sizeof a);
    a.sun_family = AF_UNIX;
    strncpy(a.sun_path, p, sizeof a.sun_path - 1);
    return a;
}
#define ADDR(a) (struct sockaddr *)&(a), sizeof(a)

int main(void)
{
    struct sockaddr_un a = path("/tmp/judge-a.sock"), missing = path("/tmp/judge-missing.sock"), nodir = path("/tmp/judge-none/x");
    char buf[64];
    int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0), p[2];
    struct sockaddr_un name;
    socklen_t len = sizeof name;
    signal(SIGPIPE, SIG_IGN);
    unlink(a.sun_path);
    SAY(bind(s, ADDR(nodir)));
    SAY(listen(s, 5));
    SAY(send(s, "x", 1, 0));
    SAY(recv(s, buf, 64, 0));
    SAY(sendto(s, "x", 1, 0, ADDR(a)));
    SAY(getpeername(s, (struct sockaddr *)&name, &len));
    SAY(shutdown(t, SHUT_RDWR));
    SAY(bind(s, ADDR(a)));
    SAY(bind(s, ADDR(missing)));
    SAY(connect(s, ADDR(a)));
    SAY(listen(s, 5));
    SAY(connect(s, ADDR(a)));
    int u = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(bind(u, ADDR(a)));
    SAY(connect(u, ADDR(missing)));
    SAY(connect(u, ADDR(a)));
    len = sizeof name;
    int c = accept(s, (struct sockaddr *)&name, &len);
    printf("accepted %d, length %d\n", c > 0, len);
    SAY(send(u, "hello", 5, 0));
    SAY(recv(c, buf, 64, 0));
    SAY(send(c, "unread", 6, 0));
    SAY(close(u));
    SAY(read(c, buf, 64));
    SAY(write(c, "x", 1));
    SAY(close(s));
    int v = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(connect(v, ADDR(a)));
    SAY(bind(v, ADDR(a)));
    SAY(unlink(a.sun_path));
    SAY(bind(v, ADDR(a)));
    SAY(unlink(a.sun_path));
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    len = sizeof name;
    SAY(getsockname(p[0], (struct sockaddr *)&name, &len));
    printf("length %d\n", len);
    SAY(sendto(p[0], "x", 1, 0, ADDR(a)));
    SAY(shutdown(p[0], SHUT_WR));
    SAY(send(p[0], "x", 1, 0));
    SAY(recv(p[0], buf, 64, MSG_DONTWAIT));
    SAY(read(p[1], buf, 64));
    SAY(send(p[1], "data", 4, 0));
    SAY(close(p[0]));
    SAY(read(p[1], buf, 64));
    SAY(read(p[1], buf, 64));
    SAY(socketpair(AF_INET, SOCK_STREAM, 0, p));
    SAY(socketpair(AF_UNIX, 75, 0, p));
    SAY(socketpair(0, SOCK_STREAM, 0, p));
    return 0;
}
