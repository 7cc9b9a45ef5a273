/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UTIME_H
#define _LINUX_UTIME_H
#include <linux/types.h>
#include <utime.h>
#endif
