/* The kernel's own header. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H
#include <sys/sysinfo.h>
#define __ALIGN_KERNEL_MASK(x, mask) (((x) + (mask)) & ~(mask))
#define __ALIGN_KERNEL(x, a) __ALIGN_KERNEL_MASK(x, (__typeof__(x))(a)-1)
#endif
