/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_SOCKET_H
#define _ASM_SOCKET_H
#include <linux/types.h>
#include <sys/socket.h>
#endif
