/* Declared so that a handler of SA_SIGINFO may name its third argument's type. */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H 1
#include <features.h>
#endif
