/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_UNISTD_H
#define _ASM_UNISTD_H
#include <linux/types.h>
#include <sys/syscall.h>
#endif
