/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_SIGNAL_H
#define _ASM_SIGNAL_H
#include <linux/types.h>
#include <signal.h>
#endif
