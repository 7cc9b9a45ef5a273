/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_TCP_H
#define _LINUX_TCP_H 1
#include <linux/types.h>
#include <netinet/tcp.h>
#endif
