/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_IF_H
#define _LINUX_IF_H 1
#include <linux/types.h>
#include <net/if.h>
#endif
