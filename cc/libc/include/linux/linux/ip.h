/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_IP_H
#define _LINUX_IP_H 1
#include <linux/types.h>
#include <netinet/ip.h>
#endif
