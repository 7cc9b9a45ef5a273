/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_POSIX_TYPES_H
#define _LINUX_POSIX_TYPES_H
#include <linux/types.h>
#include <sys/types.h>
#endif
