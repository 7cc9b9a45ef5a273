/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_MSG_H
#define _LINUX_MSG_H
#include <linux/types.h>
#include <sys/msg.h>
#endif
