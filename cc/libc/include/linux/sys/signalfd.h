/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_SIGNALFD_H
#define _SYS_SIGNALFD_H 1
#include <signal.h>
#include <stdint.h>
#define SFD_CLOEXEC 02000000
#define SFD_NONBLOCK 00004000
int signalfd(int fd, const sigset_t *mask, int flags);
#endif
