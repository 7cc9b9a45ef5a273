/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H 1
#include <linux/types.h>
#include <string.h>
#endif
