/* sendmsg and recvmsg in odd ways: no vectors, empty ones, wrong pointers, names where none belong,
   control data of wrong lengths, all flags. */
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
static int put(int s, void *name, int len, struct iovec *iov, int count, void *control, int size, int flags)
{
    struct msghdr msg;
    memset(&msg, 0, sizeof msg);
    msg.msg_name = name;
    msg.msg_namelen = len;
    msg.msg_iov = iov;
    msg.msg_iovlen = count;
    msg.msg_control = control;
    msg.msg_controllen = size;
    return sendmsg(s, &msg, flags);
}

static int get(int s, struct iovec *iov, int count, int control, int flags, struct msghdr *msg)
{
    static char space[256];
    static struct sockaddr_storage name;
    int n;
    memset(msg, 0, sizeof *msg);
    msg->msg_name = &name;
    msg->msg_namelen = sizeof name;
    msg->msg_iov = iov;
    msg->msg_iovlen = count;
    msg->msg_control = space;
    msg->msg_controllen = control;
    msg->msg_flags = 0x7777;
    n = recvmsg(s, msg, flags);
    if (n >= 0)
        printf("    name %d, control %d, flags %#x\n", (int)msg->msg_namelen, (int)msg->msg_controllen, msg->msg_flags);
    return n;
}

int main(void)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    char a[4] = "abcd", b[4] = "efgh", x[3], y[9];
    struct iovec two[3] = { { a, 4 }, { NULL, 0 }, { b, 4 } }, bad[2] = { { a, 4 }, { (void *)8, 4 } },
                 room[2] = { { x, 3 }, { y, 9 } }, none[1] = { { NULL, 0 } };
    union { char bytes[64]; struct cmsghdr align; } control;
    struct msghdr msg;
    int t, s[2], i, fd = 0;
    static const int flags[] = { 0, MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_OOB, MSG_ERRQUEUE, MSG_CMSG_CLOEXEC,
                                 MSG_EOR, MSG_DONTROUTE, MSG_CONFIRM, MSG_MORE, MSG_NOSIGNAL, MSG_CTRUNC, 0x10000000, MSG_FASTOPEN };
    signal(SIGPIPE, SIG_IGN);
    for (t = 0; t < 3; t++) {
        printf("-- type %d\n", types[t]);
        SAY(socketpair(AF_UNIX, types[t], 0, s));
        SAY(put(s[0], NULL, 0, two, 3, NULL, 0, 0));
        SAY(get(s[1], room, 2, 0, MSG_DONTWAIT, &msg));
        SAY(put(s[0], NULL, 0, NULL, 0, NULL, 0, 0));
        SAY(get(s[1], room, 2, 0, MSG_DONTWAIT, &msg));
        SAY(put(s[0], NULL, 0, none, 1, NULL, 0, 0));
        SAY(get(s[1], none, 1, 0, MSG_DONTWAIT, &msg));
        SAY(put(s[0], NULL, 0, bad, 2, NULL, 0, 0));
        SAY(put(s[0], NULL, 0, (struct iovec *)8, 2, NULL, 0, 0));
        SAY(put(s[0], a, 2, two, 1, NULL, 0, 0));
        SAY(put(s[0], NULL, 20, two, 1, NULL, 0, 0));
        SAY(sendmsg(s[0], NULL, 0));
        SAY(recvmsg(s[1], NULL, MSG_DONTWAIT));
        for (i = 0; i < 2 && recv(s[1], y, 9, MSG_DONTWAIT) >= 0; i++)
            ;
        for (i = 0; i < (int)(sizeof flags / sizeof flags[0]); i++) {
            printf("flag %#x\n", flags[i]);
            SAY(put(s[0], NULL, 0, two, 3, NULL, 0, flags[i] & ~MSG_ERRQUEUE));
            SAY(get(s[1], room, 1, 16, flags[i] | MSG_DONTWAIT, &msg));
            while (recv(s[1], y, 9, MSG_DONTWAIT) > 0)
                ;
        }
        for (i = 0; i < 7; i++) {
            static const int lens[] = { 0, 15, 16, 17, 20, 24, 1000 };
            memset(&control, 0, sizeof control);
            control.align.cmsg_len = lens[i];
            control.align.cmsg_level = SOL_SOCKET;
            control.align.cmsg_type = SCM_RIGHTS;
            memcpy(CMSG_DATA(&control.align), &fd, sizeof fd);
            printf("control %d\n", lens[i]);
            SAY(put(s[0], NULL, 0, two, 1, &control, 24, 0));
            SAY(get(s[1], room, 1, 24, MSG_DONTWAIT, &msg));
            while (recv(s[1], y, 9, MSG_DONTWAIT) > 0)
                ;
        }
        control.align.cmsg_len = CMSG_LEN(4);
        control.align.cmsg_type = 99;
        SAY(put(s[0], NULL, 0, two, 1, &control, 24, 0));
        control.align.cmsg_level = 99;
        SAY(put(s[0], NULL, 0, two, 1, &control, 24, 0));
        control.align.cmsg_level = SOL_SOCKET;
        control.align.cmsg_type = SCM_RIGHTS;
        fd = 77;
        memcpy(CMSG_DATA(&control.align), &fd, sizeof fd);
        SAY(put(s[0], NULL, 0, two, 1, &control, 24, 0));
        fd = 0;
        close(s[0]);
        close(s[1]);
    }
    return 0;
}
