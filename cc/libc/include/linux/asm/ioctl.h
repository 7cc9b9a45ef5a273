/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_IOCTL_H
#define _ASM_IOCTL_H
#include <linux/types.h>
#include <sys/ioctl.h>
#endif
