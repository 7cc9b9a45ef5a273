/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_NETDEVICE_H
#define _LINUX_NETDEVICE_H
#include <linux/types.h>
#include <net/if.h>
#endif
