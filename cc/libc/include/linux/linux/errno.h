/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H 1
#include <linux/types.h>
#include <errno.h>
#endif
