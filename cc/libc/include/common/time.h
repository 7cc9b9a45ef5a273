#ifndef _TIME_H
#define _TIME_H 1
#include <features.h>
#include <bits/types.h>
#include <bits/time_types.h>
struct tm {
  int tm_sec;
  int tm_min;
  int tm_hour;
  int tm_mday;
  int tm_mon;
  int tm_year;
  int tm_wday;
  int tm_yday;
  int tm_isdst;
#ifndef _WIN32
  long tm_gmtoff;
  const char *tm_zone;
#endif
};
#ifdef _WIN32
#define CLOCKS_PER_SEC 1000L
typedef long clock_t;
#else
#define CLOCKS_PER_SEC 1000000L
#ifndef __clock_t_defined
#define __clock_t_defined
typedef long clock_t;
#endif
#endif
time_t time(time_t *tloc);
clock_t clock(void);
double difftime(time_t time1, time_t time0);
time_t mktime(struct tm *tm);
char *asctime(const struct tm *tm);
char *ctime(const time_t *timep);
struct tm *gmtime(const time_t *timep);
struct tm *localtime(const time_t *timep);
size_t strftime(char *s, size_t max, const char *format, const struct tm *tm);
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#ifdef _WIN32
int nanosleep(const struct timespec *req, struct timespec *rem);
int clock_gettime(clockid_t clockid, struct timespec *tp);
#else
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1
#define TIME_UTC 1
struct itimerspec {
  struct timespec it_interval;
  struct timespec it_value;
};
extern char *tzname[2];
extern long timezone;
extern int daylight;
void tzset(void);
char *asctime_r(const struct tm *tm, char *buf);
char *ctime_r(const time_t *timep, char *buf);
struct tm *gmtime_r(const time_t *timep, struct tm *result);
struct tm *localtime_r(const time_t *timep, struct tm *result);
time_t timegm(struct tm *tm);
time_t timelocal(struct tm *tm);
int nanosleep(const struct timespec *req, struct timespec *rem);
int clock_getres(clockid_t clockid, struct timespec *res);
int clock_gettime(clockid_t clockid, struct timespec *tp);
int clock_settime(clockid_t clockid, const struct timespec *tp);
int clock_nanosleep(clockid_t clockid, int flags, const struct timespec *request, struct timespec *remain);
struct sigevent;
int timer_create(clockid_t clockid, struct sigevent *sevp, timer_t *timerid);
int timer_delete(timer_t timerid);
int timer_settime(timer_t timerid, int flags, const struct itimerspec *new_value, struct itimerspec *old_value);
int timer_gettime(timer_t timerid, struct itimerspec *curr_value);
int timer_getoverrun(timer_t timerid);
int timespec_get(struct timespec *ts, int base);
#ifdef _GNU_SOURCE
char *strptime(const char *s, const char *format, struct tm *tm);
#endif
#endif
#endif
