#ifndef _ULIMIT_H
#define _ULIMIT_H 1
enum {
  UL_GETFSIZE = 1,
  UL_SETFSIZE,
  __UL_GETMAXBRK,
  __UL_GETOPENMAX,
};
long int ulimit(int cmd, ...);
#endif
