/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_GENERIC_IOCTL_H
#define _ASM_GENERIC_IOCTL_H
#include <sys/ioctl.h>
#endif
