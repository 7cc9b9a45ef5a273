#ifndef _SYS_TIME_H
#define _SYS_TIME_H 1
#include <bits/time_types.h>
#include <bits/timeval.h>
#include <sys/select.h>
struct timezone {
  int tz_minuteswest;
  int tz_dsttime;
};
struct itimerval {
  struct timeval it_interval;
  struct timeval it_value;
};
enum __itimer_which {
  ITIMER_REAL = 0,
#define ITIMER_REAL ITIMER_REAL
  ITIMER_VIRTUAL = 1,
#define ITIMER_VIRTUAL ITIMER_VIRTUAL
  ITIMER_PROF = 2
#define ITIMER_PROF ITIMER_PROF
};
#if defined _GNU_SOURCE && !defined __cplusplus
typedef enum __itimer_which __itimer_which_t;
#else
typedef int __itimer_which_t;
#endif
int gettimeofday(struct timeval *tv, void *tz);
int settimeofday(const struct timeval *tv, const struct timezone *tz);
int getitimer(__itimer_which_t which, struct itimerval *curr_value);
int setitimer(__itimer_which_t which, const struct itimerval *new_value, struct itimerval *old_value);
int utimes(const char *filename, const struct timeval times[2]);
int lutimes(const char *filename, const struct timeval tv[2]);
int futimes(int fd, const struct timeval tv[2]);
#define timerisset(tvp) ((tvp)->tv_sec || (tvp)->tv_usec)
#define timerclear(tvp) ((tvp)->tv_sec = (tvp)->tv_usec = 0)
#define timercmp(a, b, CMP) (((a)->tv_sec == (b)->tv_sec) ? ((a)->tv_usec CMP (b)->tv_usec) : ((a)->tv_sec CMP (b)->tv_sec))
#define timeradd(a, b, result) do { (result)->tv_sec = (a)->tv_sec + (b)->tv_sec; (result)->tv_usec = (a)->tv_usec + (b)->tv_usec; if ((result)->tv_usec >= 1000000) { ++(result)->tv_sec; (result)->tv_usec -= 1000000; } } while (0)
#define timersub(a, b, result) do { (result)->tv_sec = (a)->tv_sec - (b)->tv_sec; (result)->tv_usec = (a)->tv_usec - (b)->tv_usec; if ((result)->tv_usec < 0) { --(result)->tv_sec; (result)->tv_usec += 1000000; } } while (0)
#endif
