/* Every state of a TCP socket that a program can reach, times every call, blocking and not: one
   line for each, with what the call gave and how the socket is afterwards. */
#include "matrix.h"

enum { STATES = 24, CALLS = 48 };

static const char *state_names[STATES] = {
    "fresh", "bound", "listening", "listening+pending", "syn-sent", "established",
    "established+data", "peer-shut", "peer-shut+data", "self-shut", "self-shut+data",
    "both-shut-self-first", "both-shut-peer-first", "reset", "reset+data", "reset-told",
    "refused", "refused-told", "shut-rd", "shut-rdwr", "disconnected", "peer-closed",
    "peer-closed+data", "broken",
};

static const char *call_names[CALLS] = {
    "accept", "accept4(bad)", "bind", "bind(any)", "listen", "connect(listener)", "connect(closed)",
    "connect(unspec)", "send", "send(0)", "send(oob)", "send(more)", "sendto(addr)", "write",
    "write(0)", "writev", "sendmsg", "recv", "recv(0)", "recv(peek)", "recv(oob)", "recv(waitall)",
    "recv(trunc)", "recvfrom(addr)", "read", "readv", "recvmsg", "shutdown(rd)", "shutdown(wr)",
    "shutdown(rdwr)", "shutdown(3)", "getsockname", "getpeername", "so_error", "so_type",
    "so_acceptconn", "poll", "poll(0)", "fionread", "siocatmark", "tcp_info", "nodelay", "linger",
    "maxseg", "rcvtimeo+recv", "dup", "getfl", "errqueue",
};

/* Waits for the end of the other side without reading. */
static void wait_for_end(int fd)
{
    wait_for(fd, POLLRDHUP);
}

/* What is on its way over the loopback arrives, and a FIN is acknowledged: no state here changes
   later by itself. */
static int settled(int fd)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    int i;
    memset(&info, 0, sizeof info);
    for (i = 0; i < 40; i++) {
        poll(NULL, 0, 2);
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
        if (info.tcpi_state != TCP_FIN_WAIT1 && info.tcpi_state != TCP_CLOSING &&
            info.tcpi_state != TCP_LAST_ACK)
            break;
    }
    return info.tcpi_state;
}

static int listener, other;
static struct sockaddr_in where, closed_port;

static int new_listener(int backlog)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof where;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bind(fd, (struct sockaddr *)&a, sizeof a);
    listen(fd, backlog);
    getsockname(fd, (struct sockaddr *)&where, &len);
    return fd;
}

/* A port that was free a moment ago. */
static void find_closed_port(void)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof closed_port;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bind(fd, (struct sockaddr *)&a, sizeof a);
    getsockname(fd, (struct sockaddr *)&closed_port, &len);
    close(fd);
}

static int connected(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    connect(fd, (struct sockaddr *)&where, sizeof where);
    other = accept(listener, NULL, NULL);
    return fd;
}

static void reset_by_other(void)
{
    struct linger now;
    now.l_onoff = 1;
    now.l_linger = 0;
    setsockopt(other, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(other);
}

static int in_state(int state)
{
    char buf[8];
    struct sockaddr_in a = loopback(0);
    int fd, i, flags;
    listener = new_listener(8);
    find_closed_port();
    switch (state) {
    case 0:
        return socket(AF_INET, SOCK_STREAM, 0);
    case 1:
        fd = socket(AF_INET, SOCK_STREAM, 0);
        bind(fd, (struct sockaddr *)&a, sizeof a);
        return fd;
    case 2:
        return new_listener(8);
    case 3:
        fd = new_listener(8);
        other = socket(AF_INET, SOCK_STREAM, 0);
        connect(other, (struct sockaddr *)&where, sizeof where);
        wait_for(fd, POLLIN);
        return fd;
    case 4: /* the listener's queue is full, so the SYN is dropped */
        listener = new_listener(0);
        i = socket(AF_INET, SOCK_STREAM, 0);
        connect(i, (struct sockaddr *)&where, sizeof where);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        connect(fd, (struct sockaddr *)&where, sizeof where);
        fcntl(fd, F_SETFL, flags);
        return fd;
    case 5:
        return connected();
    case 6:
        fd = connected();
        send(other, "data", 4, 0);
        wait_for(fd, POLLIN);
        return fd;
    case 7:
    case 8:
        fd = connected();
        if (state == 8)
            send(other, "data", 4, 0);
        shutdown(other, SHUT_WR);
        wait_for_end(fd);
        return fd;
    case 9:
    case 10:
        fd = connected();
        if (state == 10) {
            send(other, "data", 4, 0);
            wait_for(fd, POLLIN);
        }
        shutdown(fd, SHUT_WR);
        wait_for_end(other);
        return fd;
    case 11:
        fd = connected();
        shutdown(fd, SHUT_WR);
        wait_for_end(other);
        shutdown(other, SHUT_WR);
        wait_for_end(fd);
        return fd;
    case 12:
        fd = connected();
        shutdown(other, SHUT_WR);
        wait_for_end(fd);
        shutdown(fd, SHUT_WR);
        wait_for_end(other);
        return fd;
    case 13:
    case 14:
    case 15:
        fd = connected();
        if (state == 14) {
            send(other, "data", 4, 0);
            wait_for(fd, POLLIN);
        }
        reset_by_other();
        wait_for_end(fd);
        if (state == 15)
            recv(fd, buf, sizeof buf, 0);
        return fd;
    case 16:
    case 17:
        fd = socket(AF_INET, SOCK_STREAM, 0);
        flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        connect(fd, (struct sockaddr *)&closed_port, sizeof closed_port);
        wait_for(fd, POLLOUT);
        fcntl(fd, F_SETFL, flags);
        if (state == 17) {
            int e;
            socklen_t len = sizeof e;
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len);
        }
        return fd;
    case 18:
        fd = connected();
        shutdown(fd, SHUT_RD);
        return fd;
    case 19:
        fd = connected();
        shutdown(fd, SHUT_RDWR);
        wait_for_end(other);
        return fd;
    case 20:
        fd = connected();
        a.sin_family = AF_UNSPEC;
        connect(fd, (struct sockaddr *)&a, sizeof a);
        return fd;
    case 21:
    case 22:
        fd = connected();
        if (state == 22)
            send(other, "data", 4, 0);
        close(other);
        wait_for_end(fd);
        return fd;
    default: /* written to after the other side was closed: a RST came back */
        fd = connected();
        close(other);
        wait_for_end(fd);
        send(fd, "x", 1, MSG_NOSIGNAL);
        wait_for(fd, POLLERR);
        return fd;
    }
}

/* Makes a call; `extra` gets what came back beside the return value. */
static int make(int call, int fd, char *extra)
{
    char buf[16];
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    struct linger linger;
    struct tcp_info info;
    struct timeval time;
    int value = 0, ret;
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
        return connect(fd, (struct sockaddr *)&where, sizeof where);
    case 6:
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
        return sendto(fd, "hello", 5, 0, (struct sockaddr *)&where, sizeof where);
    case 40:
        memset(&info, 0, sizeof info);
        len = sizeof info;
        ret = getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
        snprintf(extra, 64, "state %d", info.tcpi_state);
        return ret;
    case 41:
        value = 1;
        return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value);
    case 42:
        linger.l_onoff = 1;
        linger.l_linger = 2;
        return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    case 43:
        value = 1000;
        return setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &value, sizeof value);
    case 44:
        time.tv_sec = 0;
        time.tv_usec = 20000;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
        ret = recv(fd, buf, 8, 0);
        break;
    case 45:
        return dup(fd) < 0 ? -1 : 1;
    case 46:
        ret = fcntl(fd, F_GETFL);
        snprintf(extra, 64, "%#x", ret);
        return 0;
    default:
        ret = recv(fd, buf, 8, MSG_ERRQUEUE);
        break;
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
    int fd, ret, failed, tcp_state;
    interruptible();
    fd = in_state(state);
    settled(fd);
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
    tcp_state = settled(fd);
    p.fd = fd;
    p.events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP;
    p.revents = 0;
    poll(&p, 1, 0);
    snprintf(after, sizeof after, "then state %d revents %#x", tcp_state, p.revents);
    printf("%s | %s%s: %d %s %s; %s\n", state_names[state], call_names[call],
           nonblocking ? " nonblocking" : "", ret,
           ret < 0 ? (failed == EINTR ? "blocks" : strerror(failed)) : "", extra, after);
}

int main(void)
{
    all(STATES, CALLS);
    return 0;
}
