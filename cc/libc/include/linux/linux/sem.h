/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_SEM_H
#define _LINUX_SEM_H
#include <linux/types.h>
#include <sys/sem.h>
#endif
