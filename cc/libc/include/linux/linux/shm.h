/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_SHM_H
#define _LINUX_SHM_H
#include <linux/types.h>
#include <sys/shm.h>
#endif
