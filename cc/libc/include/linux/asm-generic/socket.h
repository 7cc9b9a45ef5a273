/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_GENERIC_SOCKET_H
#define _ASM_GENERIC_SOCKET_H
#include <sys/socket.h>
#endif
