/* The states of UDP sockets, AF_UNIX sockets and pipes that a program can reach, times every call,
   blocking and not: one line for each, with what the call gave and how the descriptor is
   afterwards. */
#include "matrix.h"

enum { STATES = 36, CALLS = 46 };

static const char *state_names[STATES] = {
    "udp", "udp bound", "udp bound+data", "udp bound+empty", "udp connected",
    "udp connected+data", "udp connected+refused", "udp shut-rd", "udp shut-wr", "udp shut-rdwr",
    "udp disconnected", "unix", "unix bound", "unix listening", "unix listening+pending",
    "unix pair", "unix pair+data", "unix peer-shut", "unix peer-shut+data", "unix self-shut",
    "unix shut-rd", "unix peer-closed", "unix peer-closed+data", "unix peer-closed-unread",
    "unix dgram", "unix dgram bound", "unix dgram pair", "unix dgram pair+data",
    "unix dgram pair peer-closed", "unix seqpacket pair", "unix seqpacket pair+data",
    "unix seqpacket peer-closed", "pipe read", "pipe read+data", "pipe read closed",
    "pipe write closed",
};

static const char *call_names[CALLS] = {
    "accept", "accept4(bad)", "bind", "bind(any)", "listen", "connect(listener)", "connect(closed)",
    "connect(unspec)", "send", "send(0)", "send(oob)", "send(more)", "sendto(addr)", "write",
    "write(0)", "writev", "sendmsg", "recv", "recv(0)", "recv(peek)", "recv(oob)", "recv(waitall)",
    "recv(trunc)", "recvfrom(addr)", "read", "readv", "recvmsg", "shutdown(rd)", "shutdown(wr)",
    "shutdown(rdwr)", "shutdown(3)", "getsockname", "getpeername", "so_error", "so_type",
    "so_acceptconn", "poll", "poll(0)", "fionread", "siocatmark", "broadcast", "linger",
    "rcvbuf", "rcvtimeo+recv", "dup", "lseek",
};

static int other;
static struct sockaddr_in where, closed_port;
static struct sockaddr_un path;

static int udp(struct sockaddr_in *bound)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bind(fd, (struct sockaddr *)&a, sizeof a);
    getsockname(fd, (struct sockaddr *)bound, &len);
    return fd;
}

static int pair(int type)
{
    int both[2];
    socketpair(AF_UNIX, type, 0, both);
    other = both[1];
    return both[0];
}

static int bound_unix(int type)
{
    int fd = socket(AF_UNIX, type, 0);
    bind(fd, (struct sockaddr *)&path, sizeof path);
    return fd;
}

static int in_state(int state)
{
    struct sockaddr_in mine;
    int fd, both[2];
    close(udp(&closed_port));
    memset(&path, 0, sizeof path);
    path.sun_family = AF_UNIX;
    strcpy(path.sun_path, "/tmp/matrix.sock");
    unlink("/tmp/matrix.sock");
    if (state <= 10)
        other = udp(&where);
    switch (state) {
    case 0:
        return socket(AF_INET, SOCK_DGRAM, 0);
    case 1:
        return udp(&mine);
    case 2:
        fd = udp(&mine);
        sendto(other, "data", 4, 0, (struct sockaddr *)&mine, sizeof mine);
        sendto(other, "more", 4, 0, (struct sockaddr *)&mine, sizeof mine);
        wait_for(fd, POLLIN);
        return fd;
    case 3:
        fd = udp(&mine);
        sendto(other, "", 0, 0, (struct sockaddr *)&mine, sizeof mine);
        wait_for(fd, POLLIN);
        return fd;
    case 6:
        fd = udp(&mine);
        connect(fd, (struct sockaddr *)&closed_port, sizeof closed_port);
        send(fd, "x", 1, 0);
        wait_for(fd, POLLERR);
        return fd;
    case 4:
    case 5:
    case 7:
    case 8:
    case 9:
    case 10:
        fd = udp(&mine);
        connect(fd, (struct sockaddr *)&where, sizeof where);
        if (state == 5) {
            sendto(other, "data", 4, 0, (struct sockaddr *)&mine, sizeof mine);
            wait_for(fd, POLLIN);
        }
        if (state == 7)
            shutdown(fd, SHUT_RD);
        if (state == 8)
            shutdown(fd, SHUT_WR);
        if (state == 9)
            shutdown(fd, SHUT_RDWR);
        if (state == 10) {
            mine.sin_family = AF_UNSPEC;
            connect(fd, (struct sockaddr *)&mine, sizeof mine);
        }
        return fd;
    case 11:
        return socket(AF_UNIX, SOCK_STREAM, 0);
    case 12:
        return bound_unix(SOCK_STREAM);
    case 13:
        fd = bound_unix(SOCK_STREAM);
        listen(fd, 3);
        return fd;
    case 14:
        fd = bound_unix(SOCK_STREAM);
        listen(fd, 3);
        other = socket(AF_UNIX, SOCK_STREAM, 0);
        connect(other, (struct sockaddr *)&path, sizeof path);
        return fd;
    case 15:
        return pair(SOCK_STREAM);
    case 16:
        fd = pair(SOCK_STREAM);
        send(other, "data", 4, 0);
        return fd;
    case 17:
    case 18:
        fd = pair(SOCK_STREAM);
        if (state == 18)
            send(other, "data", 4, 0);
        shutdown(other, SHUT_WR);
        return fd;
    case 19:
        fd = pair(SOCK_STREAM);
        shutdown(fd, SHUT_WR);
        return fd;
    case 20:
        fd = pair(SOCK_STREAM);
        shutdown(fd, SHUT_RD);
        return fd;
    case 21:
    case 22:
        fd = pair(SOCK_STREAM);
        if (state == 22)
            send(other, "data", 4, 0);
        close(other);
        return fd;
    case 23: /* the other side closed without reading what we wrote */
        fd = pair(SOCK_STREAM);
        send(fd, "data", 4, 0);
        close(other);
        return fd;
    case 24:
        return socket(AF_UNIX, SOCK_DGRAM, 0);
    case 25:
        return bound_unix(SOCK_DGRAM);
    case 26:
        return pair(SOCK_DGRAM);
    case 27:
        fd = pair(SOCK_DGRAM);
        send(other, "data", 4, 0);
        send(other, "more", 4, 0);
        return fd;
    case 28:
        fd = pair(SOCK_DGRAM);
        close(other);
        return fd;
    case 29:
        return pair(SOCK_SEQPACKET);
    case 30:
        fd = pair(SOCK_SEQPACKET);
        send(other, "data", 4, 0);
        send(other, "more", 4, 0);
        return fd;
    case 31:
        fd = pair(SOCK_SEQPACKET);
        close(other);
        return fd;
    default:
        pipe(both);
        other = both[state == 35 ? 0 : 1];
        if (state == 33)
            write(other, "data", 4);
        if (state >= 34)
            close(other);
        return both[state == 35 ? 1 : 0];
    }
}

/* Makes a call; `extra` gets what came back beside the return value. */
static int make(int call, int fd, char *extra)
{
    char buf[16];
    struct sockaddr_in a = loopback(0);
    int is_unix;
    struct linger linger;
    struct timeval time;
    int value = 0, ret;
    socklen_t value_len = sizeof value;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &value_len);
    is_unix = value == AF_UNIX;
    value = 0;
    if (call >= FIRST_COMMON && call <= LAST_COMMON)
        return common(call, fd, extra);
    memset(buf, 0, sizeof buf);
    switch (call) {
    case 0:
        return accept(fd, NULL, NULL) < 0 ? -1 : 1;
    case 1:
        return accept4(fd, NULL, NULL, 1);
    case 2:
        return bind(fd, (struct sockaddr *)&a, sizeof a);
    case 3:
        a.sin_addr.s_addr = htonl(INADDR_ANY);
        return bind(fd, (struct sockaddr *)&a, sizeof a);
    case 4:
        return listen(fd, 3);
    case 5:
        if (is_unix)
            return connect(fd, (struct sockaddr *)&path, sizeof path);
        return connect(fd, (struct sockaddr *)&where, sizeof where);
    case 6:
        if (is_unix)
            path.sun_path[1] = 'x';
        if (is_unix)
            return connect(fd, (struct sockaddr *)&path, sizeof path);
        return connect(fd, (struct sockaddr *)&closed_port, sizeof closed_port);
    case 7:
        a.sin_family = AF_UNSPEC;
        return connect(fd, (struct sockaddr *)&a, sizeof a);
    case 8:
        return send(fd, "hello", 5, 0);
    case 9:
        return send(fd, "", 0, 0);
    case 10:
        return send(fd, "hello", 5, MSG_OOB);
    case 11:
        return send(fd, "hello", 5, MSG_MORE);
    case 12:
        if (is_unix)
            return sendto(fd, "hello", 5, 0, (struct sockaddr *)&path, sizeof path);
        return sendto(fd, "hello", 5, 0, (struct sockaddr *)&where, sizeof where);
    case 40:
        value = 1;
        return setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &value, sizeof value);
    case 41:
        linger.l_onoff = 1;
        linger.l_linger = 2;
        return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    case 42:
        value = 10000;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value);
        ret = getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, &value_len);
        snprintf(extra, 64, "%d", value);
        return ret;
    case 43:
        time.tv_sec = 0;
        time.tv_usec = 20000;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
        ret = recv(fd, buf, 8, 0);
        break;
    case 44:
        return dup(fd) < 0 ? -1 : 1;
    default:
        return call == 45 ? (int)lseek(fd, 0, SEEK_CUR) : -1;
    }
    if (ret >= 0)
        snprintf(extra, 64, "'%s'", buf);
    return ret;
}

static void one(int state, int call, int nonblocking)
{
    char extra[128], after[64];
    struct itimerval limit;
    struct pollfd p;
    int fd, ret, failed, pending = 0;
    socklen_t len = sizeof pending;
    interruptible();
    fd = in_state(state);
    poll(NULL, 0, 1); /* what is on its way over the loopback arrives */
    if (nonblocking)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    extra[0] = 0;
    memset(&limit, 0, sizeof limit);
    limit.it_value.tv_usec = 60000;
    setitimer(ITIMER_REAL, &limit, NULL);
    errno = 0;
    ret = make(call, fd, extra);
    failed = errno;
    limit.it_value.tv_usec = 0;
    setitimer(ITIMER_REAL, &limit, NULL);
    poll(NULL, 0, 1);
    p.fd = fd;
    p.events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP;
    p.revents = 0;
    poll(&p, 1, 0);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &len);
    snprintf(after, sizeof after, "then revents %#x error %d", p.revents, pending);
    printf("%s | %s%s: %d %s %s; %s\n", state_names[state], call_names[call],
           nonblocking ? " nonblocking" : "", ret,
           ret < 0 ? (failed == EINTR ? "blocks" : strerror(failed)) : "", extra, after);
}

int main(void)
{
    all(STATES, CALLS);
    return 0;
}
