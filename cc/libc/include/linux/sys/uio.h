#ifndef _SYS_UIO_H
#define _SYS_UIO_H 1
#include <sys/types.h>
#include <bits/iovec.h>
#define UIO_MAXIOV 1024
ssize_t readv(int fd, const struct iovec *iov, int iovcnt);
ssize_t writev(int fd, const struct iovec *iov, int iovcnt);
#endif
