#ifndef _SYS_POLL_H
#define _SYS_POLL_H 1
#include <features.h>
#include <bits/time_types.h>
#include <bits/sigset.h>
#define POLLIN 1
#define POLLPRI 2
#define POLLOUT 4
#define POLLRDNORM 64
#define POLLRDBAND 128
#define POLLWRNORM 256
#define POLLWRBAND 512
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32
typedef unsigned long nfds_t;
struct pollfd {
  int fd;
  short events;
  short revents;
};
int poll(struct pollfd *fds, nfds_t nfds, int timeout);
#ifdef _GNU_SOURCE
#define POLLMSG 1024
#define POLLREMOVE 4096
#define POLLRDHUP 8192
int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask);
#endif
#endif
