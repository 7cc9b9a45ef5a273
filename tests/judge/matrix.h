/* What the two matrices share: the calls that are the same for every kind of descriptor, and the
   loop over all cases. A matrix defines `STATES`, `CALLS` and `one` and includes this file. */
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
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void wait_for(int fd, int events)
{
    struct pollfd p;
    p.fd = fd;
    p.events = events;
    p.revents = 0;
    poll(&p, 1, 1000);
}

static const char *address(struct sockaddr_in *a, int len)
{
    static char text[64];
    if (a->sin_family != AF_INET) {
        snprintf(text, sizeof text, "len %d family %d", len, a->sin_family);
        return text;
    }
    snprintf(text, sizeof text, "len %d family %d ip %s port %s", len, a->sin_family,
             inet_ntoa(a->sin_addr), a->sin_port ? "some" : "0");
    return text;
}

enum { FIRST_COMMON = 13, LAST_COMMON = 39 };

/* A call of the common part; `extra` gets what came back beside the return value. */
static int common(int call, int fd, char *extra)
{
    char buf[16];
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    struct iovec iov[2];
    struct msghdr msg;
    struct pollfd p;
    int value = 0, ret = -1;
    socklen_t value_len = sizeof value;
    memset(buf, 0, sizeof buf);
    memset(&msg, 0, sizeof msg);
    iov[0].iov_base = buf;
    iov[0].iov_len = 3;
    iov[1].iov_base = buf + 3;
    iov[1].iov_len = 5;
    msg.msg_iov = iov;
    msg.msg_iovlen = 2;
    switch (call) {
    case 13:
        return write(fd, "hello", 5);
    case 14:
        return write(fd, "", 0);
    case 15:
        return writev(fd, iov, 2);
    case 16:
        return sendmsg(fd, &msg, 0);
    case 17:
        ret = recv(fd, buf, 8, 0);
        break;
    case 18:
        ret = recv(fd, buf, 0, 0);
        break;
    case 19:
        ret = recv(fd, buf, 8, MSG_PEEK);
        break;
    case 20:
        ret = recv(fd, buf, 8, MSG_OOB);
        break;
    case 21:
        ret = recv(fd, buf, 8, MSG_WAITALL);
        break;
    case 22:
        ret = recv(fd, buf, 2, MSG_TRUNC);
        break;
    case 23:
        ret = recvfrom(fd, buf, 8, 0, (struct sockaddr *)&a, &len);
        if (ret >= 0)
            snprintf(extra, 64, "'%s' len %d", buf, (int)len);
        return ret;
    case 24:
        ret = read(fd, buf, 8);
        break;
    case 25:
        ret = readv(fd, iov, 2);
        break;
    case 26:
        ret = recvmsg(fd, &msg, 0);
        if (ret >= 0)
            snprintf(extra, 64, "'%s' flags %d namelen %d", buf, msg.msg_flags,
                     (int)msg.msg_namelen);
        return ret;
    case 27:
        return shutdown(fd, SHUT_RD);
    case 28:
        return shutdown(fd, SHUT_WR);
    case 29:
        return shutdown(fd, SHUT_RDWR);
    case 30:
        return shutdown(fd, 3);
    case 31:
        ret = getsockname(fd, (struct sockaddr *)&a, &len);
        if (ret == 0)
            strcpy(extra, address(&a, len));
        return ret;
    case 32:
        ret = getpeername(fd, (struct sockaddr *)&a, &len);
        if (ret == 0)
            strcpy(extra, address(&a, len));
        return ret;
    case 33:
        ret = getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &value_len);
        snprintf(extra, 64, "%s", value ? strerror(value) : "none");
        return ret;
    case 34:
        ret = getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &value_len);
        snprintf(extra, 64, "%d", value);
        return ret;
    case 35:
        ret = getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &value_len);
        snprintf(extra, 64, "%d", value);
        return ret;
    case 36:
    case 37:
        p.fd = fd;
        p.events = call == 36 ? POLLIN | POLLPRI | POLLOUT | POLLRDHUP : 0;
        p.revents = 0;
        ret = poll(&p, 1, 0);
        snprintf(extra, 64, "revents %#x", p.revents);
        return ret;
    case 38:
        ret = ioctl(fd, FIONREAD, &value);
        snprintf(extra, 64, "%d", value);
        return ret;
    case 39:
        ret = ioctl(fd, SIOCATMARK, &value);
        snprintf(extra, 64, "%d", value);
        return ret;
    }
    if (ret >= 0)
        snprintf(extra, 64, "'%s'", buf);
    return ret;
}

static void nothing(int signal)
{
    (void)signal;
}

/* A call that blocks is seen to: the handler only interrupts it. */
static void interruptible(void)
{
    struct sigaction on_alarm;
    signal(SIGPIPE, SIG_IGN);
    memset(&on_alarm, 0, sizeof on_alarm);
    on_alarm.sa_handler = nothing;
    sigaction(SIGALRM, &on_alarm, NULL);
}

static void one(int state, int call, int nonblocking);

static void all(int states, int calls)
{
    int state, call, nonblocking;
    for (state = 0; state < states; state++) {
        for (call = 0; call < calls; call++) {
            for (nonblocking = 0; nonblocking < 2; nonblocking++) {
                pid_t child;
                fflush(stdout);
                child = fork();
                if (child == 0) {
                    one(state, call, nonblocking);
                    exit(0);
                }
                waitpid(child, NULL, 0);
            }
        }
    }
}
