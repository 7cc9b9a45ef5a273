/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UNISTD_H
#define _LINUX_UNISTD_H 1
#include <linux/types.h>
#include <sys/syscall.h>
#endif
