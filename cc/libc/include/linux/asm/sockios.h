/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_SOCKIOS_H
#define _ASM_SOCKIOS_H
#include <linux/types.h>
#include <linux/sockios.h>
#endif
