/* Random sequences of calls, each in a process of its own; every call prints what it was and what
   it gave. The table is put in by the judge. Nothing here blocks: every descriptor is O_NONBLOCK. */
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
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 6 };

struct op { int what, a, b, c; };

static const struct op table[] = {
/*TABLE*/
    { -2, 0, 0, 0 },
};

static int fds[SLOTS];
static char text[200];
static int number_of_sequence;

static int slot(int i) { return fds[i % SLOTS]; }

static int keep(int i, int fd)
{
    if (fd < 0)
        return -1;
    if (fds[i % SLOTS] >= 0)
        close(fds[i % SLOTS]);
    fds[i % SLOTS] = fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return 1;
}

static struct sockaddr_in address(int i)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = i % 13 == 12 ? AF_UNSPEC : AF_INET;
    a.sin_port = i % 5 == 4 ? 0 : htons(7000 + i % 5);
    a.sin_addr.s_addr = htonl(i % 7 == 6 ? INADDR_ANY : INADDR_LOOPBACK);
    if (i % 11 == 10)
        a.sin_addr.s_addr = htonl(0xc0000207); /* 192.0.2.7: nobody's */
    return a;
}

/* An abstract name, of this sequence only; the first byte of the name says which. */
static struct sockaddr_un local(int i, socklen_t *len)
{
    struct sockaddr_un a;
    memset(&a, 0, sizeof a);
    a.sun_family = AF_UNIX;
    snprintf(a.sun_path + 1, sizeof a.sun_path - 1, "soquete-%d-%d", number_of_sequence, i % 3);
    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(a.sun_path + 1));
    return a;
}

static const char *shown(const struct sockaddr_in *a)
{
    static char one[64];
    int port = ntohs(a->sin_port);
    if (a->sin_family != AF_INET)
        snprintf(one, sizeof one, "family %d", a->sin_family);
    else if (port >= 32768)
        snprintf(one, sizeof one, "%s:ephemeral", inet_ntoa(a->sin_addr));
    else
        snprintf(one, sizeof one, "%s:%d", inet_ntoa(a->sin_addr), port);
    return one;
}

static const int levels[] = { SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, SOL_SOCKET,
                              SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, IPPROTO_TCP, IPPROTO_TCP,
                              IPPROTO_TCP, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IP, IPPROTO_IPV6, 500 };
static const int names[] = { SO_REUSEADDR, SO_ERROR, SO_TYPE, SO_ACCEPTCONN, SO_KEEPALIVE,
                             SO_BROADCAST, SO_DOMAIN, SO_RCVLOWAT, TCP_NODELAY, TCP_CORK,
                             TCP_KEEPCNT, TCP_SYNCNT, IP_TTL, IP_TOS, IPV6_V6ONLY, 1 };
static const int flag_sets[] = { 0, 0, 0, MSG_DONTWAIT, MSG_PEEK, MSG_OOB, MSG_WAITALL, MSG_TRUNC,
                                 MSG_MORE, 0 };

static int make(struct op op, char *extra);

/* Makes the call, writes what it was into `text`, and what came back after it into `extra`. */
static int make(struct op op, char *extra)
{
    static const int domains[] = { AF_INET, AF_INET, AF_INET, AF_UNIX, AF_INET6, 0, 77 };
    static const int types[] = { SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 9 };
    struct sockaddr_in a = address(op.b);
    socklen_t len = sizeof a;
    struct pollfd p;
    char buf[64];
    int both[2], ret, value, how;
    memset(buf, 0, sizeof buf);
    switch (op.what) {
    case 0: {
        int domain = domains[op.b % 7], type = types[op.c % 5], protocol = op.b % 9 == 8 ? 17 : 0;
        sprintf(text, "socket(%d, %d, %d)", domain, type, protocol);
        return keep(op.a, socket(domain, type, protocol));
    }
    case 1:
        len = op.c % 9 == 8 ? 7 : sizeof a;
        sprintf(text, "bind(#%d, %s, %d)", op.a % SLOTS, shown(&a), (int)len);
        return bind(slot(op.a), (struct sockaddr *)&a, len);
    case 2:
        sprintf(text, "listen(#%d, %d)", op.a % SLOTS, op.b % 4);
        return listen(slot(op.a), op.b % 4);
    case 3:
        len = op.c % 9 == 8 ? 7 : sizeof a;
        sprintf(text, "connect(#%d, %s, %d)", op.a % SLOTS, shown(&a), (int)len);
        return connect(slot(op.a), (struct sockaddr *)&a, len);
    case 4:
        sprintf(text, "accept(#%d) to #%d", op.a % SLOTS, op.b % SLOTS);
        return keep(op.b, accept(slot(op.a), NULL, NULL));
    case 5:
        how = flag_sets[op.c % 10] & ~(MSG_PEEK | MSG_WAITALL | MSG_TRUNC);
        sprintf(text, "send(#%d, %d bytes, %#x)", op.a % SLOTS, op.b % 12, how);
        return send(slot(op.a), "abcdefghijkl", op.b % 12, how);
    case 6:
        how = flag_sets[op.c % 10] & ~MSG_MORE;
        sprintf(text, "recv(#%d, %d, %#x)", op.a % SLOTS, op.b % 9, how);
        ret = recv(slot(op.a), buf, op.b % 9, how);
        if (ret >= 0)
            sprintf(extra, " '%.8s'", buf);
        return ret;
    case 7:
        sprintf(text, "shutdown(#%d, %d)", op.a % SLOTS, op.b % 4);
        return shutdown(slot(op.a), op.b % 4);
    case 8:
        sprintf(text, "close(#%d)", op.a % SLOTS);
        ret = close(slot(op.a));
        fds[op.a % SLOTS] = -1;
        return ret;
    case 9:
        sprintf(text, "dup(#%d) to #%d", op.a % SLOTS, op.b % SLOTS);
        return keep(op.b, dup(slot(op.a)));
    case 10:
        sprintf(text, "getsockname(#%d)", op.a % SLOTS);
        memset(&a, 0, sizeof a);
        ret = getsockname(slot(op.a), (struct sockaddr *)&a, &len);
        if (ret == 0)
            sprintf(extra, " %s, %d", shown(&a), (int)len);
        return ret;
    case 11:
        sprintf(text, "getpeername(#%d)", op.a % SLOTS);
        memset(&a, 0, sizeof a);
        ret = getpeername(slot(op.a), (struct sockaddr *)&a, &len);
        if (ret == 0)
            sprintf(extra, " %s, %d", shown(&a), (int)len);
        return ret;
    case 12:
        value = op.c % 5 == 4 ? 200 : op.c % 5;
        sprintf(text, "setsockopt(#%d, %d, %d, %d)", op.a % SLOTS, levels[op.b % 16],
                names[op.b % 16], value);
        return setsockopt(slot(op.a), levels[op.b % 16], names[op.b % 16], &value, sizeof value);
    case 13:
        value = 0;
        len = sizeof value;
        sprintf(text, "getsockopt(#%d, %d, %d)", op.a % SLOTS, levels[op.b % 16], names[op.b % 16]);
        ret = getsockopt(slot(op.a), levels[op.b % 16], names[op.b % 16], &value, &len);
        if (ret == 0)
            sprintf(extra, " %d, %d", value, (int)len);
        return ret;
    case 14:
        p.fd = slot(op.a);
        p.events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP;
        p.revents = 0;
        sprintf(text, "poll(#%d)", op.a % SLOTS);
        ret = poll(&p, 1, 0);
        sprintf(extra, " %#x", p.revents);
        return ret;
    case 15:
        sprintf(text, "socketpair(%d) to #%d #%d", types[op.c % 5], op.a % SLOTS, op.b % SLOTS);
        if (op.a % SLOTS == op.b % SLOTS)
            return -1;
        ret = socketpair(AF_UNIX, types[op.c % 5], 0, both);
        if (ret == 0) {
            keep(op.a, both[0]);
            keep(op.b, both[1]);
        }
        return ret;
    case 16:
        sprintf(text, "pipe() to #%d #%d", op.a % SLOTS, op.b % SLOTS);
        if (op.a % SLOTS == op.b % SLOTS)
            return -1;
        ret = pipe(both);
        if (ret == 0) {
            keep(op.a, both[0]);
            keep(op.b, both[1]);
        }
        return ret;
    case 17:
        sprintf(text, "write(#%d, %d bytes)", op.a % SLOTS, op.b % 12);
        return write(slot(op.a), "ABCDEFGHIJKL", op.b % 12);
    case 18:
        sprintf(text, "read(#%d, %d)", op.a % SLOTS, op.b % 9);
        ret = read(slot(op.a), buf, op.b % 9);
        if (ret >= 0)
            sprintf(extra, " '%.8s'", buf);
        return ret;
    case 19:
        value = 0;
        sprintf(text, "ioctl(#%d, FIONREAD)", op.a % SLOTS);
        ret = ioctl(slot(op.a), FIONREAD, &value);
        sprintf(extra, " %d", value);
        return ret;
    case 20:
        sprintf(text, "sendto(#%d, %d bytes, %s)", op.a % SLOTS, op.c % 12, shown(&a));
        return sendto(slot(op.a), "0123456789ab", op.c % 12, 0, (struct sockaddr *)&a, sizeof a);
    case 21:
        sprintf(text, "recvfrom(#%d)", op.a % SLOTS);
        memset(&a, 0, sizeof a);
        ret = recvfrom(slot(op.a), buf, 8, 0, (struct sockaddr *)&a, &len);
        if (ret >= 0)
            sprintf(extra, " '%.8s' %d", buf, (int)len);
        return ret;
    case 22:
        sprintf(text, "fcntl(#%d, F_GETFL)", op.a % SLOTS);
        ret = fcntl(slot(op.a), F_GETFL);
        if (ret >= 0)
            sprintf(extra, " %#x", ret);
        return ret < 0 ? ret : 0;
    case 23: {
        struct sockaddr_un u = local(op.b, &len);
        sprintf(text, "bind(#%d, @%d)", op.a % SLOTS, op.b % 3);
        return bind(slot(op.a), (struct sockaddr *)&u, len);
    }
    case 24: {
        struct sockaddr_un u = local(op.b, &len);
        sprintf(text, "connect(#%d, @%d)", op.a % SLOTS, op.b % 3);
        return connect(slot(op.a), (struct sockaddr *)&u, len);
    }
    case 25: {
        struct sockaddr_un u = local(op.b, &len);
        sprintf(text, "sendto(#%d, %d bytes, @%d)", op.a % SLOTS, op.c % 12, op.b % 3);
        return sendto(slot(op.a), "0123456789ab", op.c % 12, 0, (struct sockaddr *)&u, len);
    }
    case 26:
        sprintf(text, "eventfd(%d) to #%d", op.b % 3, op.a % SLOTS);
        return keep(op.a, eventfd(op.b % 3, 0));
    case 27: {
        /* What a child does to a description that it shares. */
        static const int simple[] = { 5, 6, 7, 8, 17, 18, 13, 14 };
        struct op other = op;
        pid_t child;
        int status = 0;
        other.what = simple[op.c % 8];
        fflush(stdout);
        child = fork();
        if (child == 0) {
            char inside[100] = "";
            int r, failed;
            errno = 0;
            r = make(other, inside);
            failed = errno;
            printf("    child: %s = %d%s%s%s\n", text, r, r < 0 ? " " : "", r < 0 ? strerror(failed) : "", inside);
            exit(r & 63);
        }
        waitpid(child, &status, 0);
        sprintf(text, "child on #%d", op.a % SLOTS);
        return WEXITSTATUS(status);
    }
    case 28: {
        fd_set r, w, e;
        struct timeval now = { 0, 0 };
        int fd = slot(op.a);
        sprintf(text, "select(#%d)", op.a % SLOTS);
        if (fd < 0)
            return -1;
        FD_ZERO(&r);
        FD_ZERO(&w);
        FD_ZERO(&e);
        FD_SET(fd, &r);
        FD_SET(fd, &w);
        FD_SET(fd, &e);
        ret = select(fd + 1, &r, &w, &e, &now);
        sprintf(extra, " %d%d%d", FD_ISSET(fd, &r) != 0, FD_ISSET(fd, &w) != 0, FD_ISSET(fd, &e) != 0);
        return ret;
    }
    case 29: {
        /* Pointers that lead nowhere. */
        struct sockaddr *nowhere = NULL;
        switch (op.b % 6) {
        case 0:
            sprintf(text, "bind(#%d, NULL, 16)", op.a % SLOTS);
            return bind(slot(op.a), nowhere, 16);
        case 1:
            sprintf(text, "connect(#%d, NULL, 16)", op.a % SLOTS);
            return connect(slot(op.a), nowhere, 16);
        case 2:
            sprintf(text, "recv(#%d, NULL, 5)", op.a % SLOTS);
            return recv(slot(op.a), NULL, 5, 0);
        case 3:
            sprintf(text, "send(#%d, NULL, 5)", op.a % SLOTS);
            return send(slot(op.a), NULL, 5, 0);
        case 4:
            sprintf(text, "getsockname(#%d, NULL, NULL)", op.a % SLOTS);
            return getsockname(slot(op.a), NULL, NULL);
        default:
            sprintf(text, "getsockopt(#%d, SO_TYPE, NULL, NULL)", op.a % SLOTS);
            return getsockopt(slot(op.a), SOL_SOCKET, SO_TYPE, NULL, NULL);
        }
    }
    case 30: {
        /* A descriptor in a message. */
        union {
            char bytes[CMSG_SPACE(sizeof(int))];
            struct cmsghdr align;
        } control;
        struct iovec iov = { "rights", (size_t)(op.c % 4) };
        struct msghdr msg;
        int fd = slot(op.b);
        memset(&msg, 0, sizeof msg);
        memset(&control, 0, sizeof control);
        msg.msg_iov = &iov;
        msg.msg_iovlen = 1;
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
        control.align.cmsg_level = SOL_SOCKET;
        control.align.cmsg_type = SCM_RIGHTS;
        control.align.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.align), &fd, sizeof fd);
        sprintf(text, "sendmsg(#%d, %d bytes, rights #%d)", op.a % SLOTS, op.c % 4, op.b % SLOTS);
        return sendmsg(slot(op.a), &msg, 0);
    }
    case 31: {
        union {
            char bytes[CMSG_SPACE(sizeof(int))];
            struct cmsghdr align;
        } control;
        struct iovec iov = { buf, 8 };
        struct msghdr msg;
        int fd = -1;
        memset(&msg, 0, sizeof msg);
        memset(&control, 0, sizeof control);
        msg.msg_iov = &iov;
        msg.msg_iovlen = 1;
        msg.msg_control = op.c % 5 == 4 ? NULL : control.bytes;
        msg.msg_controllen = op.c % 5 == 4 ? 0 : sizeof control.bytes;
        sprintf(text, "recvmsg(#%d) to #%d", op.a % SLOTS, op.b % SLOTS);
        ret = recvmsg(slot(op.a), &msg, 0);
        if (ret >= 0) {
            sprintf(extra, " '%.8s' %d %#x", buf, (int)msg.msg_controllen, msg.msg_flags);
            if (msg.msg_controllen >= sizeof(struct cmsghdr)) {
                memcpy(&fd, CMSG_DATA(&control.align), sizeof fd);
                keep(op.b, fd);
            }
        }
        return ret;
    }
    case 32:
        sprintf(text, "lseek(#%d, %d, %d)", op.a % SLOTS, op.b % 4, op.c % 3);
        return (int)lseek(slot(op.a), op.b % 4, op.c % 3);
    case 33:
        value = 0;
        sprintf(text, "ioctl(#%d, SIOCATMARK)", op.a % SLOTS);
        ret = ioctl(slot(op.a), SIOCATMARK, &value);
        sprintf(extra, " %d", value);
        return ret;
    case 34: {
        char space[10];
        struct iovec parts[2] = { { space, 2 }, { space + 2, 3 } };
        memset(space, 0, sizeof space);
        sprintf(text, "readv(#%d)", op.a % SLOTS);
        ret = readv(slot(op.a), parts, op.b % 3);
        if (ret >= 0)
            sprintf(extra, " '%.5s'", space);
        return ret;
    }
    case 35: {
        struct iovec parts[2] = { { "uv", 2 }, { "wxyz", (size_t)(op.c % 5) } };
        sprintf(text, "writev(#%d, %d)", op.a % SLOTS, op.b % 3);
        return writev(slot(op.a), parts, op.b % 3);
    }
    case 36: {
        struct tcp_info info;
        socklen_t room = sizeof info;
        memset(&info, 0, sizeof info);
        sprintf(text, "TCP_INFO(#%d)", op.a % SLOTS);
        ret = getsockopt(slot(op.a), IPPROTO_TCP, TCP_INFO, &info, &room);
        if (ret == 0)
            sprintf(extra, " state %d", info.tcpi_state);
        return ret;
    }
    default: {
        struct epoll_event event;
        int e = epoll_create1(0);
        memset(&event, 0, sizeof event);
        event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
        sprintf(text, "epoll(#%d)", op.a % SLOTS);
        ret = epoll_ctl(e, EPOLL_CTL_ADD, slot(op.a), &event);
        if (ret == 0) {
            event.events = 0;
            ret = epoll_wait(e, &event, 1, 0);
            sprintf(extra, " %#x", ret > 0 ? event.events : 0);
        }
        value = errno;
        close(e);
        errno = value;
        return ret;
    }
    }
}

static void sequence(const struct op *op, int number)
{
    int i, ret, failed;
    char extra[100];
    signal(SIGPIPE, SIG_IGN);
    number_of_sequence = number;
    for (i = 0; i < SLOTS; i++)
        fds[i] = -1;
    for (i = 0; op->what >= 0; i++, op++) {
        extra[0] = 0;
        errno = 0;
        ret = make(*op, extra);
        failed = errno;
        printf("%d.%d: %s = %d%s%s%s\n", number, i, text, ret, ret < 0 ? " " : "",
               ret < 0 ? strerror(failed) : "", extra);
        poll(NULL, 0, 1); /* what is on its way over the loopback arrives */
    }
}

int main(void)
{
    const struct op *op = table;
    int number = 0;
    while (op->what != -2) {
        pid_t child;
        fflush(stdout);
        child = fork();
        if (child == 0) {
            sequence(op, number);
            exit(0);
        }
        waitpid(child, NULL, 0);
        while (op->what >= 0)
            op++;
        if (op->what == -1)
            op++;
        number++;
    }
    return 0;
}
