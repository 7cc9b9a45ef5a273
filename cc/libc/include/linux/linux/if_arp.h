/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_IF_ARP_H
#define _LINUX_IF_ARP_H 1
#include <linux/types.h>
#include <net/if_arp.h>
#endif
