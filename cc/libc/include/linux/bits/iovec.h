#ifndef _BITS_IOVEC_H
#define _BITS_IOVEC_H 1
#include <bits/types.h>
struct iovec {
  void *iov_base;
  size_t iov_len;
};
#endif
