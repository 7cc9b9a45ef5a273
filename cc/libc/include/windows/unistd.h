#ifndef _UNISTD_H
#define _UNISTD_H 1
#include <sys/types.h>
#include <io.h>
#include <process.h>
#include <bits/getopt.h>
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
unsigned int sleep(unsigned int seconds);
int usleep(useconds_t usec);
#endif
