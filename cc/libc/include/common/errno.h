#ifndef _ERRNO_H
#define _ERRNO_H 1
#include <bits/errno.h>
int *__errno_location(void);
#define errno (*__errno_location())
#ifdef _GNU_SOURCE
extern char *program_invocation_name;
extern char *program_invocation_short_name;
#endif
#endif
