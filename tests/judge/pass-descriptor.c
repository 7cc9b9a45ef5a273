/* SCM_RIGHTS: an open descriptor travels through an AF_UNIX socket. */
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

int main(void)
{
    int p[2], q[2], got = -1;
    char byte = 'x', buf[8];
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = { &byte, 1 };
    struct msghdr msg;
    memset(&control, 0, sizeof control);
    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control.room;
    msg.msg_controllen = sizeof control.room;
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    SAY(pipe(q));
    control.head.cmsg_level = SOL_SOCKET;
    control.head.cmsg_type = SCM_RIGHTS;
    control.head.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.head), &q[1], sizeof(int));
    SAY(sendmsg(p[0], &msg, 0));
    SAY(close(q[1]));
    memset(&control, 0, sizeof control);
    msg.msg_controllen = sizeof control.room;
    SAY(recvmsg(p[1], &msg, 0));
    if (msg.msg_controllen >= CMSG_LEN(sizeof(int)))
        memcpy(&got, CMSG_DATA(&control.head), sizeof(int));
    printf("%d %d %d\n", got, control.head.cmsg_type, (int)msg.msg_flags);
    SAY(write(got, "oi", 2));
    SAY(read(q[0], buf, 8));
    return 0;
}
