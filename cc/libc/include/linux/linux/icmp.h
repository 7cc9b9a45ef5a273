/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_ICMP_H
#define _LINUX_ICMP_H 1
#include <linux/types.h>
#include <netinet/ip_icmp.h>
#endif
