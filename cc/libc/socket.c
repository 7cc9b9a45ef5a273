/* sys/socket.h, sys/select.h, poll.h, sys/epoll.h. send(2) is sendto and recv(2) is recvfrom
   without an address; select(2) is pselect6: the machine names them as the kernel does. */

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>

int socket(int domain, int type, int protocol) { return __syscall_socket(domain, type, protocol); }
int socketpair(int domain, int type, int protocol, int sv[2]) { return __syscall_socketpair(domain, type, protocol, sv); }
int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen) { return __syscall_bind(sockfd, addr, (int)addrlen); }
int listen(int sockfd, int backlog) { return __syscall_listen(sockfd, backlog); }
int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen) { return (int)__point(__syscall_accept(sockfd, addr, addrlen)); }
int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags) { return (int)__point(__syscall_accept4(sockfd, addr, addrlen, flags)); }
int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen) { return (int)__point(__syscall_connect(sockfd, addr, (int)addrlen)); }
int shutdown(int sockfd, int how) { return __syscall_shutdown(sockfd, how); }
int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen) { return __syscall_getsockname(sockfd, addr, addrlen); }
int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen) { return __syscall_getpeername(sockfd, addr, addrlen); }

ssize_t send(int sockfd, const void *buf, size_t len, int flags) { return __syscall_sendto(sockfd, buf, len, flags, NULL, 0); }
ssize_t recv(int sockfd, void *buf, size_t len, int flags) { return __point(__syscall_recvfrom(sockfd, buf, len, flags, NULL, NULL)); }

ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t addrlen) {
  return __syscall_sendto(sockfd, buf, len, flags, dest_addr, (int)addrlen);
}

ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen) {
  return __point(__syscall_recvfrom(sockfd, buf, len, flags, src_addr, addrlen));
}

ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags) { return __syscall_sendmsg(sockfd, msg, flags); }
ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags) { return __point(__syscall_recvmsg(sockfd, msg, flags)); }

int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen) {
  return __syscall_getsockopt(sockfd, level, optname, optval, optlen);
}

int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen) {
  return __syscall_setsockopt(sockfd, level, optname, optval, (int)optlen);
}

int sockatmark(int sockfd) {
  int mark = 0;
  return __syscall_ioctl(sockfd, 0x8905, &mark) < 0 ? -1 : mark;
}

struct cmsghdr *__cmsg_nxthdr(struct msghdr *mhdr, struct cmsghdr *cmsg) {
  if (cmsg->cmsg_len < sizeof(struct cmsghdr))
    return NULL;
  char *end = (char *)mhdr->msg_control + mhdr->msg_controllen;
  char *next = (char *)cmsg + CMSG_ALIGN(cmsg->cmsg_len);
  if (next + sizeof(struct cmsghdr) > end)
    return NULL;
  return (struct cmsghdr *)next;
}

int poll(struct pollfd *fds, nfds_t nfds, int timeout) { return (int)__point(__syscall_poll(fds, nfds, timeout)); }

int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout) {
  if (!timeout)
    return __syscall_select(nfds, readfds, writefds, exceptfds, NULL);
  if (timeout->tv_sec < 0 || timeout->tv_usec < 0) {
    errno = EINVAL;
    return -1;
  }
  struct timespec left = { timeout->tv_sec + timeout->tv_usec / 1000000, timeout->tv_usec % 1000000 * 1000 };
  int result = __syscall_select(nfds, readfds, writefds, exceptfds, &left);
  timeout->tv_sec = left.tv_sec;
  timeout->tv_usec = left.tv_nsec / 1000;
  return result;
}

int epoll_create(int size) { return __syscall_epoll_create(size); }
int epoll_create1(int flags) { return __syscall_epoll_create1(flags); }
int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event) { return __syscall_epoll_ctl(epfd, op, fd, event); }
int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout) { return __syscall_epoll_wait(epfd, events, maxevents, timeout); }
