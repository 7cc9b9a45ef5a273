#ifndef _SYS_TIME_H
#define _SYS_TIME_H 1
#include <time.h>
#include <bits/timeval.h>
struct timezone {
  int tz_minuteswest;
  int tz_dsttime;
};
int gettimeofday(struct timeval *tv, void *tz);
#endif
