/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_PRCTL_H
#define _LINUX_PRCTL_H
#include <linux/types.h>
#include <sys/prctl.h>
#endif
