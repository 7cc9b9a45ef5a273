/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_ERRNO_H
#define _ASM_ERRNO_H
#include <linux/types.h>
#include <errno.h>
#endif
