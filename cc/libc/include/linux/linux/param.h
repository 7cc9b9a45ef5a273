/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_PARAM_H
#define _LINUX_PARAM_H
#include <linux/types.h>
#include <sys/param.h>
#endif
