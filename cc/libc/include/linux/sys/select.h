#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H 1
#include <bits/time_types.h>
#include <bits/timeval.h>
#include <bits/sigset.h>
#include <bits/systypes.h>
#define FD_SETSIZE 1024
#define NFDBITS 64
typedef long fd_mask;
typedef struct {
#if defined _GNU_SOURCE || defined _XOPEN_SOURCE
  long fds_bits[16];
#define __FDS_BITS(set) ((set)->fds_bits)
#else
  long __fds_bits[16];
#define __FDS_BITS(set) ((set)->__fds_bits)
#endif
} fd_set;
#define FD_SET(d, set) ((void)(__FDS_BITS(set)[(d) / NFDBITS] |= (long)(1UL << ((d) % NFDBITS))))
#define FD_CLR(d, set) ((void)(__FDS_BITS(set)[(d) / NFDBITS] &= ~(long)(1UL << ((d) % NFDBITS))))
#define FD_ISSET(d, set) ((__FDS_BITS(set)[(d) / NFDBITS] & (long)(1UL << ((d) % NFDBITS))) != 0)
#define FD_ZERO(set) do { unsigned int __i; fd_set *__set = (set); for (__i = 0; __i < 16; ++__i) __FDS_BITS(__set)[__i] = 0; } while (0)
int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout);
int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timespec *timeout, const sigset_t *sigmask);
#endif
