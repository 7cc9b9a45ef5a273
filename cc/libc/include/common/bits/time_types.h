#ifndef _BITS_TIME_TYPES_H
#define _BITS_TIME_TYPES_H 1
#ifdef _WIN32
typedef long long time_t;
#else
typedef long time_t;
typedef void *timer_t;
#endif
typedef int clockid_t;
struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
#endif
