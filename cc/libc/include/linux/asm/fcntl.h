/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_FCNTL_H
#define _ASM_FCNTL_H
#include <linux/types.h>
#include <fcntl.h>
#endif
