/* Linked into every program of the judge: library calls that look a name up make many system calls
   of their own. Two impossible closes enclose them, so that they can be told from the program's. */
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BEGIN = -77001, END = -78000 };

int __real_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list)
{
    close(BEGIN);
    int ret = __real_getaddrinfo(node, service, hints, list);
    close(END + ret);
    return ret;
}

int __real_getnameinfo(const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t,
                       int);
int __wrap_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hosts,
                       char *service, socklen_t services, int flags)
{
    close(BEGIN - 1);
    int ret = __real_getnameinfo(addr, len, host, hosts, service, services, flags);
    close(END + ret);
    return ret;
}

struct hostent *__real_gethostbyname(const char *);
struct hostent *__wrap_gethostbyname(const char *name)
{
    close(BEGIN - 2);
    struct hostent *ret = __real_gethostbyname(name);
    close(ret ? END : END - 2);
    return ret;
}

struct servent *__real_getservbyname(const char *, const char *);
struct servent *__wrap_getservbyname(const char *name, const char *protocol)
{
    close(BEGIN - 3);
    struct servent *ret = __real_getservbyname(name, protocol);
    close(ret ? END : END - 2);
    return ret;
}
