/* Time zones, tzset(3): the POSIX form of TZ ("BRT3", "EST5EDT,M3.2.0,M11.1.0"). There are no zone
   files here: a name of one is UTC under the name's first letters, as in glibc, but for
   America/Sao_Paulo, which is as it has been since 2019. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_MAX_ 16

/* When the offset changes: day `d` of the year (J: leap days do not count), or the `w`th day `d`
   of the week in month `m`; at `time` seconds by the clock until then. */
struct __change {
  char kind;
  int m, w, d;
  int time;
};

/* Standard time, and summer time if there is one: seconds east of Greenwich. */
static struct {
  char tz[64];
  char names[2][NAME_MAX_];
  long offsets[2];
  int has_summer;
  struct __change changes[2];
} __zone = { "", { "UTC", "UTC" }, { 0, 0 }, 0 };

char *tzname[2] = { __zone.names[0], __zone.names[1] };
long timezone = 0;
int daylight = 0;

static const char *__zone_name(const char *at, char *name) {
  size_t len = 0;
  const char *from = at;
  if (*at == '<') {
    from = ++at;
    while (isalnum((unsigned char)at[len]) || at[len] == '+' || at[len] == '-')
      len++;
    if (at[len] != '>')
      return NULL;
    at += len + 1;
  } else {
    while (isalpha((unsigned char)at[len]))
      len++;
    at += len;
  }
  if (len < 3)
    return NULL;
  if (len >= NAME_MAX_)
    len = NAME_MAX_ - 1;
  memcpy(name, from, len);
  name[len] = '\0';
  return at;
}

/* [+-]hh[:mm[:ss]] */
static const char *__zone_time(const char *at, int *seconds) {
  int sign = *at == '-' ? -1 : 1;
  if (*at == '-' || *at == '+')
    at++;
  if (!isdigit((unsigned char)*at))
    return NULL;
  int unit = 3600, sum = 0;
  for (;;) {
    sum += (int)strtol(at, (char **)&at, 10) * unit;
    unit /= 60;
    if (unit == 0 || *at != ':' || !isdigit((unsigned char)at[1]))
      break;
    at++;
  }
  *seconds = sign * sum;
  return at;
}

/* ,Mm.w.d[/time] | ,Jn[/time] | ,n[/time] */
static const char *__zone_change(const char *at, struct __change *change) {
  if (*at++ != ',')
    return NULL;
  change->kind = *at == 'M' || *at == 'J' ? *at++ : '0';
  char *end;
  change->d = (int)strtol(at, &end, 10);
  if (change->kind == 'M') {
    change->m = change->d;
    change->w = (int)strtol(end + (*end == '.'), &end, 10);
    change->d = (int)strtol(end + (*end == '.'), &end, 10);
    if (change->m < 1 || change->m > 12 || change->w < 1 || change->w > 5 || change->d < 0 || change->d > 6)
      return NULL;
  }
  change->time = 7200;
  return *end == '/' ? __zone_time(end + 1, &change->time) : end;
}

static void __zone_parse(const char *at) {
  int west;
  __zone.has_summer = 0;
  __zone.offsets[0] = __zone.offsets[1] = 0;
  __zone.names[0][0] = __zone.names[1][0] = '\0';
  at = __zone_name(at, __zone.names[0]);
  if (!at || !(at = __zone_time(at, &west)))
    return;
  __zone.offsets[0] = -west;
  const char *summer = __zone_name(at, __zone.names[1]);
  if (!summer) {
    strcpy(__zone.names[1], __zone.names[0]);
    return;
  }
  __zone.has_summer = 1;
  at = __zone_time(summer, &west);
  __zone.offsets[1] = at ? -west : __zone.offsets[0] + 3600;
  at = at ? at : summer;
  if (*at != ',')
    at = ",M3.2.0,M11.1.0";
  if (!(at = __zone_change(at, &__zone.changes[0])) || !__zone_change(at, &__zone.changes[1]))
    __zone.has_summer = 0;
}

void tzset(void) {
  const char *tz = getenv("TZ");
  if (!tz || !*tz)
    tz = "UTC0";
  if (*tz == ':')
    tz++;
  if (strncmp(__zone.tz, tz, sizeof __zone.tz - 1) == 0)
    return;
  strncpy(__zone.tz, tz, sizeof __zone.tz - 1);
  __zone_parse(strcmp(tz, "America/Sao_Paulo") == 0 ? "<-03>3" : tz);
  timezone = -__zone.offsets[0];
  daylight = __zone.has_summer;
}

/* When the change of a year happens, by the clock until then. */
static time_t __change_in(const struct __change *change, int year) {
  struct tm tm = { .tm_year = year, .tm_mday = 1 };
  int leap = (year % 4 == 0 && year % 100 != 0) || (year + 1900) % 400 == 0;
  if (change->kind == 'J')
    tm.tm_mday += change->d - 1 + (leap && change->d > 59);
  else if (change->kind == '0')
    tm.tm_mday += change->d;
  else
    tm.tm_mon = change->m - 1;
  time_t time = __libc_timegm(&tm);
  if (change->kind == 'M') {
    struct tm first, last = { .tm_year = year, .tm_mon = change->m, .tm_mday = 0 };
    __libc_gmtime(time, &first);
    int day = (change->d - first.tm_wday + 7) % 7 + 7 * (change->w - 1);
    __libc_gmtime(__libc_timegm(&last), &last);
    time += 86400L * (day < last.tm_mday ? day : day - 7);
  }
  return time + change->time;
}

static int __is_summer(time_t time) {
  struct tm tm;
  if (!__zone.has_summer || __libc_gmtime(time, &tm) < 0)
    return 0;
  time_t start = __change_in(&__zone.changes[0], tm.tm_year) - __zone.offsets[0];
  time_t end = __change_in(&__zone.changes[1], tm.tm_year) - __zone.offsets[1];
  if (start < end)
    return time >= start && time < end;
  return time >= start || time < end;
}

/* localtime_r(3) */
struct tm *localtime_r(const time_t *timep, struct tm *result) {
  tzset();
  int summer = __is_summer(*timep);
  if (__libc_gmtime(*timep + __zone.offsets[summer], result) < 0)
    return NULL;
  result->tm_isdst = summer;
  result->tm_gmtoff = __zone.offsets[summer];
  result->tm_zone = __zone.names[summer];
  return result;
}

/* mktime(3): a time that the clock skips is read by the standard offset. */
time_t mktime(struct tm *tm) {
  tzset();
  time_t clock = __libc_timegm(tm);
  time_t summer = clock - __zone.offsets[1];
  time_t result = clock - __zone.offsets[0];
  if (__zone.has_summer && (tm->tm_isdst > 0 || (tm->tm_isdst < 0 && __is_summer(summer))))
    result = summer;
  return localtime_r(&result, tm) ? result : -1;
}
