/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UN_H
#define _LINUX_UN_H 1
#include <linux/types.h>
#include <sys/un.h>
#endif
