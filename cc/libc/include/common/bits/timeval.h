#ifndef _BITS_TIMEVAL_H
#define _BITS_TIMEVAL_H 1
struct timeval {
  long tv_sec;
  long tv_usec;
};
#endif
