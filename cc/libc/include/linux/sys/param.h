#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H 1
#include <limits.h>
#include <sys/types.h>
#include <signal.h>
#define MAXPATHLEN PATH_MAX
#define MAXHOSTNAMELEN 64
#define NOFILE 256
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MAX(a, b) (((a) > (b)) ? (a) : (b))
#endif
