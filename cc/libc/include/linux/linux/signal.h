/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H
#include <linux/types.h>
#include <signal.h>
#endif
