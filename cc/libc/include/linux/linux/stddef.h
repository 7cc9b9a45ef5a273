/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H 1
#include <linux/types.h>
#include <stddef.h>
#endif
