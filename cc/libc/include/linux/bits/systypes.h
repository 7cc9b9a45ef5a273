#ifndef _BITS_SYSTYPES_H
#define _BITS_SYSTYPES_H 1
#include <features.h>
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef long quad_t;
typedef unsigned long u_quad_t;
typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned int u_int32_t;
typedef unsigned long u_int64_t;
typedef unsigned long ino_t;
typedef unsigned long dev_t;
typedef unsigned int gid_t;
typedef unsigned int mode_t;
typedef unsigned long nlink_t;
typedef unsigned int uid_t;
#ifndef __off_t_defined
#define __off_t_defined
typedef long off_t;
#endif
#ifdef _GNU_SOURCE
typedef long off64_t;
#endif
typedef long loff_t;
typedef int pid_t;
typedef unsigned int id_t;
typedef char *caddr_t;
typedef int key_t;
#ifndef __clock_t_defined
#define __clock_t_defined
typedef long clock_t;
#endif
typedef unsigned int useconds_t;
typedef long suseconds_t;
typedef long blksize_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
typedef unsigned int socklen_t;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
#endif
