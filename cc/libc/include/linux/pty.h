/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _PTY_H
#define _PTY_H 1
#include <termios.h>
#include <sys/ioctl.h>
int openpty(int *amaster, int *aslave, char *name, const struct termios *termp, const struct winsize *winp);
int forkpty(int *amaster, char *name, const struct termios *termp, const struct winsize *winp);
#endif
