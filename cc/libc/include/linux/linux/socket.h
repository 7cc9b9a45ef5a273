#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H 1
#include <sys/socket.h>
typedef unsigned short __kernel_sa_family_t;
#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define SOCK_BUF_LOCK_MASK 3
#define SOCK_TXREHASH_DEFAULT 255
#define SOCK_TXREHASH_DISABLED 0
#define SOCK_TXREHASH_ENABLED 1
#endif
