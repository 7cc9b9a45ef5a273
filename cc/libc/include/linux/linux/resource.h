/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_RESOURCE_H
#define _LINUX_RESOURCE_H
#include <linux/types.h>
#include <sys/resource.h>
#endif
