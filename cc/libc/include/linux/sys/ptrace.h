/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_PTRACE_H
#define _SYS_PTRACE_H 1
#include <sys/types.h>
#endif
