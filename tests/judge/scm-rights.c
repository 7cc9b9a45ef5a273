/* Descriptors and credentials in messages: SCM_RIGHTS, SCM_CREDENTIALS, SO_PASSCRED. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int send_fds(int sock, const char *text, int len, const int *fds, int count)
{
    char control[CMSG_SPACE(8 * sizeof(int))];
    struct iovec iov = { (void *)text, (size_t)len };
    struct msghdr msg;
    memset(&msg, 0, sizeof msg);
    memset(control, 0, sizeof control);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    if (count > 0) {
        msg.msg_control = control;
        msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
        cmsg->cmsg_level = SOL_SOCKET;
        cmsg->cmsg_type = SCM_RIGHTS;
        cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
    }
    return (int)sendmsg(sock, &msg, 0);
}

static int recv_fds(int sock, int len, int *fds, int room, int flags)
{
    char text[64];
    char control[CMSG_SPACE(8 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
    struct iovec iov = { text, (size_t)len };
    struct msghdr msg;
    int got = 0;
    memset(&msg, 0, sizeof msg);
    memset(text, 0, sizeof text);
    memset(control, 0, sizeof control);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control;
    msg.msg_controllen = room;
    int n = (int)recvmsg(sock, &msg, flags);
    printf("recvmsg %d '%s' flags %#x controllen %d", n, n > 0 ? text : "", msg.msg_flags, (int)msg.msg_controllen);
    if (n >= 0)
        for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
            if (cmsg->cmsg_type == SCM_RIGHTS) {
                got = (int)((cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int));
                memcpy(fds, CMSG_DATA(cmsg), got * sizeof(int));
                printf(" rights");
                for (int i = 0; i < got; i++)
                    printf(" %d", fds[i]);
            } else if (cmsg->cmsg_type == SCM_CREDENTIALS) {
                struct ucred cred;
                memcpy(&cred, CMSG_DATA(cmsg), sizeof cred);
                printf(" credentials %s uid %s", cred.pid == getpid() ? "mine" : cred.pid == 0 ? "0" : "another's",
                       cred.uid == getuid() ? "mine" : "another's");
            }
        }
    printf("%s\n", n < 0 ? strerror(errno) : "");
    return got;
}

int main(void)
{
    int sv[2], dg[2], p[2], fds[8], on = 1, bad = 999;
    char text[64];
    setvbuf(stdout, NULL, _IONBF, 0);
    socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, dg);
    pipe(p);

    /* The other side of a pipe, used through the number that arrives. */
    send_fds(sv[0], "one", 3, &p[1], 1);
    recv_fds(sv[1], 10, fds, CMSG_SPACE(sizeof(int)), 0);
    write(fds[0], "through", 7);
    text[read(p[0], text, 20)] = 0;
    printf("pipe: %s\n", text);
    close(fds[0]);

    /* Bytes with and without descriptors do not run together past them. */
    send_fds(sv[0], "ab", 2, NULL, 0);
    send_fds(sv[0], "cd", 2, p, 2);
    send_fds(sv[0], "ef", 2, NULL, 0);
    recv_fds(sv[1], 10, fds, CMSG_SPACE(2 * sizeof(int)), 0);
    close(fds[0]);
    close(fds[1]);
    recv_fds(sv[1], 10, fds, CMSG_SPACE(2 * sizeof(int)), 0);

    /* Too little room, no room, plain recv. */
    send_fds(sv[0], "x", 1, p, 2);
    if (recv_fds(sv[1], 10, fds, CMSG_SPACE(sizeof(int)) - 4, 0) > 0)
        close(fds[0]);
    send_fds(sv[0], "y", 1, p, 2);
    recv_fds(sv[1], 10, fds, 0, 0);
    send_fds(sv[0], "z", 1, p, 2);
    recv(sv[1], text, 10, 0);
    printf("next descriptor: %d\n", dup(0));

    /* Peeking duplicates; a datagram; close-on-exec. */
    send_fds(dg[0], "peek", 4, p, 1);
    if (recv_fds(dg[1], 10, fds, CMSG_SPACE(sizeof(int)), MSG_PEEK) > 0)
        close(fds[0]);
    recv_fds(dg[1], 2, fds, CMSG_SPACE(sizeof(int)), MSG_CMSG_CLOEXEC);
    printf("FD_CLOEXEC %d\n", fcntl(fds[0], F_GETFD));
    close(fds[0]);

    /* A closed pipe end that is only on its way is still open. */
    send_fds(sv[0], "w", 1, &p[1], 1);
    close(p[1]);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    printf("read: %d", (int)read(p[0], text, 10));
    printf(" %s\n", strerror(errno));
    close(sv[1]);
    printf("read: %d\n", (int)read(p[0], text, 10));
    close(sv[0]);

    /* Wrong arguments. */
    socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
    printf("bad descriptor: %d", send_fds(sv[0], "b", 1, &bad, 1));
    printf(" %s\n", strerror(errno));

    /* Credentials. */
    setsockopt(sv[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    send_fds(sv[0], "me", 2, NULL, 0);
    recv_fds(sv[1], 10, fds, CMSG_SPACE(sizeof(struct ucred)), 0);
    if (fork() == 0) {
        send_fds(sv[0], "child", 5, NULL, 0);
        _exit(0);
    }
    wait(NULL);
    send_fds(sv[0], "parent", 6, NULL, 0);
    recv_fds(sv[1], 20, fds, CMSG_SPACE(sizeof(struct ucred)), 0);
    recv_fds(sv[1], 20, fds, CMSG_SPACE(sizeof(struct ucred)), 0);
    send_fds(sv[0], "both", 4, p, 1);
    recv_fds(sv[1], 20, fds, CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int)), 0);
    send_fds(sv[0], "none", 4, NULL, 0);
    recv_fds(sv[1], 20, fds, 0, 0);
    return 0;
}
