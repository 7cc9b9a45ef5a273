#ifndef _SYSCALL_H
#define _SYSCALL_H 1
#define SYS_gettid 186
#define SYS_getpid 39
#define __NR_gettid 186
#define __NR_getpid 39
#endif
