/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_UTSNAME_H
#define _LINUX_UTSNAME_H
#include <linux/types.h>
#include <sys/utsname.h>
#endif
