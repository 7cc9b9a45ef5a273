/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H 1
#include <linux/types.h>
#include <sys/time.h>
#endif
