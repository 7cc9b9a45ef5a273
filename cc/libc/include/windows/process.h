#ifndef _PROCESS_H
#define _PROCESS_H 1
#include <bits/types.h>
uintptr_t _beginthread(void (*start_address)(void *), unsigned int stack_size, void *arglist);
uintptr_t _beginthreadex(void *security, unsigned int stack_size, unsigned int (*start_address)(void *), void *arglist, unsigned int initflag, unsigned int *thrdaddr);
void _endthread(void);
void _endthreadex(unsigned int retval);
int _getpid(void);
int getpid(void);
#endif
