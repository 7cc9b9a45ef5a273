#ifndef _UTIME_H
#define _UTIME_H 1
#include <sys/types.h>
#include <bits/time_types.h>
struct utimbuf {
  time_t actime;
  time_t modtime;
};
int utime(const char *file, const struct utimbuf *file_times);
#endif
