/* time.h, sys/time.h: the host's clock. Time zones are in zone.c; Windows' is UTC. */

#ifdef _WIN32
#define __point(result) (result) /* no cancellation there */
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#ifndef _WIN32
#include <unistd.h>
#endif

static struct tm __tm;
static char __asctime_text[32];

time_t time(time_t *tloc) {
  struct timespec now;
  if (__syscall_clock_gettime(CLOCK_REALTIME, &now) < 0)
    return -1;
  if (tloc)
    *tloc = now.tv_sec;
  return now.tv_sec;
}

int clock_gettime(clockid_t clockid, struct timespec *tp) { return __syscall_clock_gettime(clockid, tp); }

int gettimeofday(struct timeval *tv, void *tz) {
  struct timespec now;
  (void)tz;
  if (__syscall_clock_gettime(CLOCK_REALTIME, &now) < 0)
    return -1;
  tv->tv_sec = (long)now.tv_sec;
  tv->tv_usec = now.tv_nsec / 1000;
  return 0;
}

clock_t clock(void) {
  struct timespec now;
  if (__syscall_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) < 0)
    return -1;
  return (clock_t)(now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / (1000000000L / CLOCKS_PER_SEC));
}

double difftime(time_t time1, time_t time0) { return (double)(time1 - time0); }

static struct tm *__broken_down(time_t time, struct tm *result, const char *zone) {
  if (__libc_gmtime(time, result) < 0)
    return NULL;
#ifdef _WIN32
  (void)zone;
#else
  result->tm_gmtoff = 0;
  result->tm_zone = zone;
#endif
  return result;
}

struct tm *gmtime(const time_t *timep) { return __broken_down(*timep, &__tm, "GMT"); }
#ifdef _WIN32
struct tm *localtime(const time_t *timep) { return __broken_down(*timep, &__tm, "UTC"); }
#else
struct tm *localtime(const time_t *timep) { return localtime_r(timep, &__tm); }
#endif

static const char *const __day_names = "SunMonTueWedThuFriSat";
static const char *const __month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *__asctime(const struct tm *tm, char *buf, size_t size) {
  char day[4] = "???";
  char month[4] = "???";
  if (tm->tm_wday >= 0 && tm->tm_wday < 7)
    memcpy(day, __day_names + 3 * tm->tm_wday, 3);
  if (tm->tm_mon >= 0 && tm->tm_mon < 12)
    memcpy(month, __month_names + 3 * tm->tm_mon, 3);
  snprintf(buf, size, "%s %s%3d %.2d:%.2d:%.2d %d\n", day, month, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, 1900 + tm->tm_year);
  return buf;
}

char *asctime(const struct tm *tm) { return __asctime(tm, __asctime_text, sizeof __asctime_text); }

char *ctime(const time_t *timep) {
  struct tm *tm = localtime(timep);
  return tm ? asctime(tm) : NULL;
}

#ifdef _WIN32
time_t mktime(struct tm *tm) {
  time_t result = __libc_timegm(tm);
  return __broken_down(result, tm, "UTC") ? result : -1;
}
#endif

size_t strftime(char *s, size_t max, const char *format, const struct tm *tm) {
#ifdef _WIN32
  return __libc_strftime(s, max, format, tm, "UTC");
#else
  return __libc_strftime(s, max, format, tm, tm->tm_zone ? tm->tm_zone : "UTC");
#endif
}

int nanosleep(const struct timespec *req, struct timespec *rem) { return (int)__point(__syscall_clock_nanosleep(CLOCK_REALTIME, 0, req, rem)); }

#ifndef _WIN32

char *asctime_r(const struct tm *tm, char *buf) { return __asctime(tm, buf, 26); }
struct tm *gmtime_r(const time_t *timep, struct tm *result) { return __broken_down(*timep, result, "GMT"); }

char *ctime_r(const time_t *timep, char *buf) {
  struct tm tm;
  return localtime_r(timep, &tm) ? asctime_r(&tm, buf) : NULL;
}

time_t timegm(struct tm *tm) {
  time_t result = __libc_timegm(tm);
  return __broken_down(result, tm, "GMT") ? result : -1;
}

time_t timelocal(struct tm *tm) { return mktime(tm); }

int clock_getres(clockid_t clockid, struct timespec *res) {
  /* No call of the kernel: what it would say lies in the program's memory (vdso(7)). */
  int coarse = clockid == CLOCK_REALTIME_COARSE || clockid == CLOCK_MONOTONIC_COARSE;
  if (clockid < 0 || clockid > 11 || clockid == 10) {
    errno = EINVAL;
    return -1;
  }
  if (res)
    *res = (struct timespec){ 0, coarse ? 4000000 : 1 };
  return 0;
}

/* Gives back the error number itself, and leaves errno alone. */
int clock_nanosleep(clockid_t clockid, int flags, const struct timespec *request, struct timespec *remain) {
  int saved = errno;
  if (__syscall_clock_nanosleep(clockid, flags, request, remain) == 0)
    return 0;
  int error = errno;
  errno = saved;
  return error;
}

int timespec_get(struct timespec *ts, int base) {
  if (base != TIME_UTC || __syscall_clock_gettime(CLOCK_REALTIME, ts) < 0)
    return 0;
  return base;
}

unsigned int sleep(unsigned int seconds) {
  int saved = errno;
  struct timespec left = { seconds, 0 };
  if (__point(__syscall_clock_nanosleep(CLOCK_REALTIME, 0, &left, &left)) < 0)
    return (unsigned int)left.tv_sec;
  errno = saved;
  return 0;
}

int usleep(useconds_t usec) {
  struct timespec time = { usec / 1000000, usec % 1000000 * 1000L };
  return (int)__point(__syscall_clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL));
}

#endif
