/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_POLL_H
#define _ASM_POLL_H
#include <linux/types.h>
#include <poll.h>
#endif
