/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_PERSONALITY_H
#define _SYS_PERSONALITY_H 1
#include <sys/types.h>
#endif
