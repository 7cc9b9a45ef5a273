/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UDP_H
#define _LINUX_UDP_H 1
#include <linux/types.h>
#include <netinet/udp.h>
#endif
