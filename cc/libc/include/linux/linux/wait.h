/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H
#include <linux/types.h>
#include <sys/wait.h>
#endif
