/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_TERMIOS_H
#define _LINUX_TERMIOS_H
#include <linux/types.h>
#include <termios.h>
#endif
