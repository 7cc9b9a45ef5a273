/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_IPC_H
#define _LINUX_IPC_H
#include <linux/types.h>
#include <sys/ipc.h>
#endif
