/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _ASM_PARAM_H
#define _ASM_PARAM_H
#include <linux/types.h>
#include <sys/param.h>
#endif
