/* Every option of every level on every kind of socket: what is read at first, what is refused, what
   is read after it was set, with lengths and values of all kinds. One line for each option. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct { const char *name; int domain, type; } kinds[] = {
    { "tcp", AF_INET, SOCK_STREAM },        { "tcp6", AF_INET6, SOCK_STREAM },
    { "udp", AF_INET, SOCK_DGRAM },         { "udp6", AF_INET6, SOCK_DGRAM },
    { "unix-stream", AF_UNIX, SOCK_STREAM }, { "unix-dgram", AF_UNIX, SOCK_DGRAM },
};

static const struct { const char *name; int level, last; } levels[] = {
    { "SOCKET", SOL_SOCKET, 84 }, { "IP", IPPROTO_IP, 52 },  { "IPV6", IPPROTO_IPV6, 80 },
    { "TCP", IPPROTO_TCP, 45 },   { "UDP", IPPROTO_UDP, 12 }, { "none", 500, 2 },
};

/* What depends on the machine (memory, time, devices), or is a language of its own (filters,
   policies, extension headers, anycast). */
static int left_out(int level, int name)
{
    if (level == SOL_SOCKET)
        return name == SO_ATTACH_FILTER || name == SO_DETACH_FILTER || name == 50 || name == 51
            || name == 52 || name == 57 || name == 55 || name == 56 || name == SO_RCVBUFFORCE
            || name == SO_SNDBUFFORCE || name == SO_LOCK_FILTER || name == 75 || name == 71
            || name == 60 || name == 59 || name == 53 || name == 80;
    if (level == IPPROTO_TCP)
        return name == TCP_INFO || name == TCP_CONGESTION || name == TCP_TIMESTAMP || name == 31
            || name == 35 || name == 36 || name == 38 || name == 33 || name == 34 || name == 30
            || name == TCP_CC_INFO;
    if (level == IPPROTO_IP)
        return name == 16 || name == 17; /* policies of IPsec */
    if (level == IPPROTO_IPV6)
        return name == 34 || name == 35 || name == 64 || name == 65 || name == 68 || name == 6
            || name == 17 || name == 27 || name == 28 || name == 57 || name == 72 || name == 80;
    return 0;
}

static const char *error(void)
{
    switch (errno) {
    case ENOPROTOOPT: return "-";
    case EINVAL: return "EINVAL";
    case EOPNOTSUPP: return "-OPNOTSUPP";
    case EPERM: return "EPERM";
    case EFAULT: return "EFAULT";
    case ENOTCONN: return "ENOTCONN";
    case EDOM: return "EDOM";
    case ENOENT: return "ENOENT";
    case ENODEV: return "ENODEV";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    case EADDRINUSE: return "EADDRINUSE";
    case ENOBUFS: return "ENOBUFS";
    case EISCONN: return "EISCONN";
    case EBUSY: return "EBUSY";
    case EACCES: return "EACCES";
    case ENODATA: return "ENODATA";
    case ESOCKTNOSUPPORT: return "ESOCKTNOSUPPORT";
    case EPROTONOSUPPORT: return "EPROTONOSUPPORT";
    case ENXIO: return "ENXIO";
    default: return strerror(errno);
    }
}

static int got(int s, int level, int name, int room, char *out)
{
    unsigned char value[64];
    socklen_t len = room;
    int i, n = 0;
    memset(value, 0, sizeof value);
    if (getsockopt(s, level, name, value, &len) < 0)
        return sprintf(out, "%s", error());
    n = sprintf(out, "%d:", (int)len);
    if (len == 4) {
        int number;
        memcpy(&number, value, 4);
        return n + sprintf(out + n, "%d", number);
    }
    for (i = 0; i < (int)len && i < 16; i++)
        n += sprintf(out + n, "%02x", value[i]);
    return n;
}

static int usual(int kind)
{
    return socket(kinds[kind].domain, kinds[kind].type, 0);
}

static int known(int kind, int level, int name)
{
    char value[64];
    int s = usual(kind), one = 1, yes;
    socklen_t len = sizeof value;
    memset(value, 0, sizeof value);
    yes = getsockopt(s, level, name, value, &len) == 0
        || (errno != ENOPROTOOPT && errno != EOPNOTSUPP)
        || setsockopt(s, level, name, &one, sizeof one) == 0
        || (errno != ENOPROTOOPT && errno != EOPNOTSUPP);
    close(s);
    return yes;
}

static void option(int kind, int level, int name)
{
    static const int values[] = { 0, 1, 2, 3, 255, 256, 100000, -1, -2 };
    static const int lengths[] = { 0, 1, 3, 5, 8, 12, 16, 20 };
    char line[2000], text[200];
    unsigned char wide[24];
    int s = usual(kind), i, n = 0;
    got(s, level, name, sizeof wide, text);
    n += sprintf(line + n, "first %s;", text);
    got(s, level, name, 1, text);
    n += sprintf(line + n, " room1 %s;", text);
    for (i = 0; i < (int)(sizeof values / sizeof values[0]); i++) {
        int value = values[i];
        close(s);
        s = usual(kind);
        if (setsockopt(s, level, name, &value, sizeof value) < 0) {
            n += sprintf(line + n, " %d=%s", value, error());
        } else {
            got(s, level, name, sizeof wide, text);
            n += sprintf(line + n, " %d>%s", value, text);
        }
    }
    for (i = 0; i < (int)(sizeof lengths / sizeof lengths[0]); i++) {
        memset(wide, 0, sizeof wide);
        wide[0] = 1;
        close(s);
        s = usual(kind);
        if (setsockopt(s, level, name, wide, lengths[i]) < 0) {
            n += sprintf(line + n, " len%d=%s", lengths[i], error());
        } else {
            got(s, level, name, sizeof wide, text);
            n += sprintf(line + n, " len%d>%s", lengths[i], text);
        }
    }
    close(s);
    printf("%s\n", line);
}

int main(void)
{
    int k, l, name;
    for (k = 0; k < (int)(sizeof kinds / sizeof kinds[0]); k++)
        for (l = 0; l < (int)(sizeof levels / sizeof levels[0]); l++) {
            printf("%s %s | all that exist:", kinds[k].name, levels[l].name);
            for (name = 0; name <= levels[l].last; name++)
                if (!left_out(levels[l].level, name) && known(k, levels[l].level, name))
                    printf(" %d", name);
            printf(" (end)\n");
            for (name = 0; name <= levels[l].last; name++)
                if (!left_out(levels[l].level, name) && known(k, levels[l].level, name)) {
                    printf("%s %s | %d: ", kinds[k].name, levels[l].name, name);
                    option(k, levels[l].level, name);
                }
        }
    return 0;
}
