/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_MMAN_H
#define _LINUX_MMAN_H
#include <linux/types.h>
#include <sys/mman.h>
#endif
