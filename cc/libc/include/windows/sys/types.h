#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H 1
#include <bits/types.h>
#include <bits/time_types.h>
typedef long long pid_t;
typedef unsigned short mode_t;
typedef unsigned int dev_t;
typedef unsigned short ino_t;
typedef unsigned int useconds_t;
#ifndef __off_t_defined
#define __off_t_defined
typedef long off_t;
#endif
#endif
