#ifndef _SIGNAL_H
#define _SIGNAL_H 1
#include <bits/types.h>
typedef int sig_atomic_t;
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
#define SIG_ERR ((void (*)(int))-1)
void (*signal(int signum, void (*handler)(int)))(int);
int raise(int sig);
#ifdef _WIN32
#define SIGINT 2
#define SIGILL 4
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15
#define SIGBREAK 21
#define SIGABRT 22
#define NSIG 23
#else
#include <bits/signal.h>
#endif
#ifndef _WIN32
#define MINSIGSTKSZ 2048
#define SIGSTKSZ 8192
#ifdef _GNU_SOURCE
int sighold(int sig);
int sigrelse(int sig);
int sigignore(int sig);
void (*sigset(int sig, void (*disp)(int)))(int);
#endif
#endif
#endif
