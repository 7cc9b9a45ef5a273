/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H
#include <linux/types.h>
#include <sys/uio.h>
#endif
