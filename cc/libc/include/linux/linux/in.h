/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_IN_H
#define _LINUX_IN_H 1
#include <linux/types.h>
#include <netinet/in.h>
#endif
