/* Names, queues and ends of AF_UNIX sockets, call by call. Its lines are compared, not its calls. */
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
#include <sched.h>
#include <sys/file.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#define T(e) do { errno = 0; long r_ = (long)(e); int e_ = errno; printf("%-50s %ld %s\n", #e, r_, r_ < 0 ? strerror(e_) : ""); fflush(stdout); } while (0)
static struct sockaddr_un u(const char *p) { struct sockaddr_un a; memset(&a, 0, sizeof a); a.sun_family = AF_UNIX; strncpy(a.sun_path, p, 107); return a; }
#define L(n) (offsetof(struct sockaddr_un, sun_path) + (n))
static void name(int fd, int peer) { struct sockaddr_un a; socklen_t l = sizeof a; memset(&a, 'x', sizeof a); int r = peer ? getpeername(fd, (void *)&a, &l) : getsockname(fd, (void *)&a, &l); printf("  name %d %d fam %d '%.*s' %d\n", r, (int)l, a.sun_family, l > 2 && a.sun_path[0] ? (int)l - 2 : 0, a.sun_path, l > 2 ? a.sun_path[0] : -1); }
int main(void)
{
    struct sockaddr_un a; socklen_t l; int s, c, d, p[2]; char b[300]; signal(SIGPIPE, SIG_IGN); chdir("/tmp");
    s = socket(AF_UNIX, SOCK_STREAM, 0); name(s, 0); name(s, 1); a = u("/tmp/s");
    T(bind(s, (void *)&a, 0)); T(bind(s, (void *)&a, 1)); T(bind(s, NULL, 2)); a.sun_family = AF_INET; T(bind(s, (void *)&a, sizeof a)); a.sun_family = AF_UNIX;
    T(bind(s, (void *)&a, 2)); name(s, 0); close(s);
    s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a, L(4))); name(s, 0); close(s); 
    s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a, sizeof a)); name(s, 0); struct stat st; T(stat("/tmp/s", &st)); T(S_ISSOCK(st.st_mode)); T(st.st_mode & 07777); T(open("/tmp/s", O_RDWR)); T(open("/tmp/s", O_RDONLY|O_CREAT, 0600)); T(mkdir("/tmp/s", 0700)); T(chmod("/tmp/s", 0)); T(listen(s, 1)); c = socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0); T(connect(c, (void *)&a, sizeof a)); T(chmod("/tmp/s", 0200)); T(connect(c, (void *)&a, sizeof a)); T(connect(c, (void *)&a, sizeof a)); name(c, 0); name(c, 1);
    int k[6]; for (int i = 0; i < 4; i++) { k[i] = socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0); T(connect(k[i], (void *)&a, sizeof a)); } T(write(k[0], "hey", 3)); T(close(k[0])); T(d = accept(s, NULL, NULL)); l = sizeof a; T(accept(s, (void *)&a, &l) > 0); T(l); T(a.sun_family); 
    a = u("/tmp/s"); T(unlink("/tmp/s")); T(connect(k[2], (void *)&a, sizeof a)); T(connect(k[3], (void *)&a, sizeof a)); name(s, 0); T(rename("/tmp/s", "/tmp/s2")); close(s); T(read(k[1], b, 1)); T(write(k[1], "x", 1));
    s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a, sizeof a)); T(rename("/tmp/s", "/tmp/s2")); T(listen(s, 2)); name(s, 0); T(connect(k[3], (void *)&a, sizeof a)); struct sockaddr_un a2 = u("/tmp/s2"); T(connect(k[3], (void *)&a2, sizeof a2)); close(s); T(connect(k[2], (void *)&a2, sizeof a2));
    s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a2, sizeof a2)); a2 = u("/tmp"); T(bind(s, (void *)&a2, sizeof a2)); T(connect(s, (void *)&a2, sizeof a2)); a2 = u("/etc/passwd"); T(connect(s, (void *)&a2, sizeof a2)); a2 = u("/tmp/f"); close(open("/tmp/f", O_CREAT|O_WRONLY, 0600)); T(connect(s, (void *)&a2, sizeof a2)); a2 = u("/etc/sock"); T(bind(s, (void *)&a2, sizeof a2)); a2 = u("rel"); T(bind(s, (void *)&a2, sizeof a2)); name(s, 0); T(stat("/tmp/rel", &st));
    /* abstract */
    memset(&a, 0, sizeof a); a.sun_family = AF_UNIX; memcpy(a.sun_path, "\0abc\0d", 6); s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a, L(6))); name(s, 0); T(listen(s, 0)); c = socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0); T(connect(c, (void *)&a, L(5))); T(connect(c, (void *)&a, L(7))); T(connect(c, (void *)&a, L(6))); d = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(d, (void *)&a, L(6))); T(bind(d, (void *)&a, L(5))); close(s); s = socket(AF_UNIX, SOCK_STREAM, 0); T(bind(s, (void *)&a, L(6))); T(connect(c, (void *)&a, L(6)));  close(c); c = socket(AF_UNIX, SOCK_STREAM, 0); T(connect(c, (void *)&a, L(6))); T(connect(c, (void *)&a, L(1)));
    int dg = socket(AF_UNIX, SOCK_DGRAM, 0); T(connect(dg, (void *)&a, L(6))); T(sendto(dg, "x", 1, 0, (void *)&a, L(6))); T(listen(dg, 1)); T(accept(dg, 0, 0)); T(send(dg, "x", 1, 0)); T(recv(dg, b, 1, MSG_DONTWAIT));
    memcpy(a.sun_path, "\0dg1", 4); T(bind(dg, (void *)&a, L(4))); int e = socket(AF_UNIX, SOCK_DGRAM, 0); T(sendto(e, "hello", 5, 0, (void *)&a, L(4))); T(sendto(e, "", 0, 0, (void *)&a, L(4))); l = sizeof a2; T(recvfrom(dg, b, 2, 0, (void *)&a2, &l)); T(l); T(recv(dg, b, 9, MSG_TRUNC)); T(recv(dg, b, 9, MSG_DONTWAIT)); T(sendto(dg, "r", 1, 0, (void *)&a, 2)); T(connect(e, (void *)&a, L(4))); T(send(e, "one", 3, 0)); T(send(e, "two22", 5, 0)); int v; T(ioctl(dg, FIONREAD, &v)); T(v); T(recv(dg, b, 1, MSG_PEEK|MSG_TRUNC)); T(read(dg, b, 99)); T(recv(dg, b, 2, MSG_TRUNC)); T(connect(dg, (void *)&a, L(4))); T(send(dg, "self", 4, 0)); T(recv(dg, b, 9, 0)); struct sockaddr_un un0; memset(&un0, 0, sizeof un0); T(connect(dg, (void *)&un0, 2));  name(dg, 1); T(send(dg, "x", 1, 0)); close(dg); T(send(e, "x", 1, 0)); T(send(e, "x", 1, 0)); 
    /* connected dgram refuses others */
    int x = socket(AF_UNIX, SOCK_DGRAM, 0), y = socket(AF_UNIX, SOCK_DGRAM, 0), z = socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0); struct sockaddr_un ax = u(""), ay = u(""), az = u(""); memcpy(ax.sun_path, "\0X", 2); memcpy(ay.sun_path, "\0Y", 2); memcpy(az.sun_path, "\0Z", 2); bind(x, (void *)&ax, L(2)); bind(y, (void *)&ay, L(2)); bind(z, (void *)&az, L(2)); T(connect(x, (void *)&ay, L(2))); T(sendto(z, "q", 1, 0, (void *)&ax, L(2))); T(sendto(y, "q", 1, 0, (void *)&ax, L(2))); T(sendto(x, "q", 1, 0, (void *)&az, L(2))); T(recv(x, b, 9, MSG_DONTWAIT)); for (int i = 0; i < 13; i++) { int r = sendto(z, "q", 1, 0, (void *)&ay, L(2)); if (r < 0) { printf("full at %d %s\n", i, strerror(errno)); break; } } struct pollfd pf = { z, POLLOUT }; T(poll(&pf, 1, 0)); connect(z, (void *)&ay, L(2)); T(poll(&pf, 1, 0)); T(pf.revents); 
    T(socketpair(AF_UNIX, SOCK_STREAM, 0, p)); name(p[0], 0); name(p[0], 1); T(bind(p[0], (void *)&az, L(1))); T(listen(p[0], 1)); T(connect(p[0], (void *)&ay, L(2))); T(accept(p[0], 0, 0)); T(write(p[0], "abc", 3)); T(shutdown(p[0], SHUT_WR)); T(read(p[1], b, 2)); T(read(p[1], b, 2)); T(read(p[1], b, 2)); T(write(p[1], "q", 1)); T(shutdown(p[0], SHUT_RD)); T(write(p[1], "q", 1)); T(read(p[0], b, 9)); T(shutdown(p[1], 5));
    T(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, p)); T(write(p[0], "abcdef", 6)); T(write(p[0], "", 0)); T(send(p[0], "", 0, 0)); T(write(p[0], "gh", 2)); T(read(p[1], b, 3)); T(read(p[1], b, 30)); T(read(p[1], b, 30)); T(read(p[1], b, 30)); T(send(p[0], b, 1, MSG_EOR)); T(send(p[0], b, 1, MSG_OOB)); T(recv(p[1], b, 9, MSG_DONTWAIT)); close(p[0]); T(read(p[1], b, 9)); T(write(p[1], b, 1)); 
    T(socketpair(AF_UNIX, SOCK_DGRAM, 0, p)); T(write(p[0], "", 0)); T(recv(p[1], b, 9, MSG_DONTWAIT)); T(send(p[0], "", 0, 0)); T(recv(p[1], b, 9, MSG_DONTWAIT)); close(p[0]); T(write(p[1], "x", 1)); T(recv(p[1], b, 9, MSG_DONTWAIT)); pf.fd = p[1]; pf.events = 0xffff & ~32; T(poll(&pf, 1, 0)); T(pf.revents);
    T(socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, p)); struct ucred uc; l = sizeof uc; T(getsockopt(p[0], SOL_SOCKET, SO_PEERCRED, &uc, &l)); T(uc.uid); T(uc.gid); T(uc.pid == getpid()); T(l); s = socket(AF_UNIX, SOCK_STREAM, 0); T(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &uc, &l)); T(uc.pid); T((int)uc.uid); T(setsockopt(s, SOL_SOCKET, SO_PEERCRED, &uc, l)); v = 1; T(setsockopt(s, SOL_SOCKET, SO_PASSCRED, &v, sizeof v)); T(getsockopt(s, SOL_SOCKET, SO_TYPE, &v, &l)); T(v); T(getsockopt(s, SOL_SOCKET, SO_DOMAIN, &v, &l)); T(v); T(getsockopt(s, SOL_SOCKET, SO_PROTOCOL, &v, &l)); T(v); T(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &v, &l)); T(getsockopt(s, IPPROTO_TCP, TCP_NODELAY, &v, &l)); T(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &v, 4)); T(getsockopt(s, 500, 1, &v, &l));
    int n = 0; while (write(p[0], b, 100) > 0) n++; T(n); T(errno); pf.fd = p[0]; pf.events = POLLOUT; T(poll(&pf, 1, 0)); T(read(p[1], b, 100)); T(poll(&pf, 1, 0));
}
