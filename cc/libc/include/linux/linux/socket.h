/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H 1
#include <linux/types.h>
#include <sys/socket.h>
#endif
