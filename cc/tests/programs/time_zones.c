/* Time zones in TZ's POSIX form.
 * exit: 0
 * expect:
 * BRT3: BRT BRT 10800 0
 *   Tue Nov 14 19:13:20 2023 -0300 BRT 1700000000, 0 -10800 0
 *   Wed Jul  3 06:46:40 2024 -0300 BRT 1720000000, 0 -10800 0
 *   Sun Mar 12 04:00:00 2023 -0300 BRT 1678604400, 0 -10800 0
 *   Sun Mar 12 03:59:59 2023 -0300 BRT 1678604399, 0 -10800 0
 *   Wed Dec 31 21:00:00 1969 -0300 BRT 0, 0 -10800 0
 * <-03>3: -03 -03 10800 0
 *   Tue Nov 14 19:13:20 2023 -0300 -03 1700000000, 0 -10800 0
 *   Wed Jul  3 06:46:40 2024 -0300 -03 1720000000, 0 -10800 0
 *   Sun Mar 12 04:00:00 2023 -0300 -03 1678604400, 0 -10800 0
 *   Sun Mar 12 03:59:59 2023 -0300 -03 1678604399, 0 -10800 0
 *   Wed Dec 31 21:00:00 1969 -0300 -03 0, 0 -10800 0
 * UTC0: UTC UTC 0 0
 *   Tue Nov 14 22:13:20 2023 +0000 UTC 1700000000, 0 0 0
 *   Wed Jul  3 09:46:40 2024 +0000 UTC 1720000000, 0 0 0
 *   Sun Mar 12 07:00:00 2023 +0000 UTC 1678604400, 0 0 0
 *   Sun Mar 12 06:59:59 2023 +0000 UTC 1678604399, 0 0 0
 *   Thu Jan  1 00:00:00 1970 +0000 UTC 0, 0 0 0
 * IST-5:30: IST IST -19800 0
 *   Wed Nov 15 03:43:20 2023 +0530 IST 1700000000, 0 19800 0
 *   Wed Jul  3 15:16:40 2024 +0530 IST 1720000000, 0 19800 0
 *   Sun Mar 12 12:30:00 2023 +0530 IST 1678604400, 0 19800 0
 *   Sun Mar 12 12:29:59 2023 +0530 IST 1678604399, 0 19800 0
 *   Thu Jan  1 05:30:00 1970 +0530 IST 0, 0 19800 0
 * EST5EDT,M3.2.0,M11.1.0: EST EDT 18000 1
 *   Tue Nov 14 17:13:20 2023 -0500 EST 1700000000, 0 -18000 0
 *   Wed Jul  3 05:46:40 2024 -0400 EDT 1720000000, 1 -14400 0
 *   Sun Mar 12 03:00:00 2023 -0400 EDT 1678604400, 1 -14400 0
 *   Sun Mar 12 01:59:59 2023 -0500 EST 1678604399, 0 -18000 0
 *   Wed Dec 31 19:00:00 1969 -0500 EST 0, 0 -18000 0
 * CET-1CEST,M3.5.0,M10.5.0/3: CET CEST -3600 1
 *   Tue Nov 14 23:13:20 2023 +0100 CET 1700000000, 0 3600 0
 *   Wed Jul  3 11:46:40 2024 +0200 CEST 1720000000, 1 7200 0
 *   Sun Mar 12 08:00:00 2023 +0100 CET 1678604400, 0 3600 0
 *   Sun Mar 12 07:59:59 2023 +0100 CET 1678604399, 0 3600 0
 *   Thu Jan  1 01:00:00 1970 +0100 CET 0, 0 3600 0
 * AEST-10AEDT,M10.1.0,M4.1.0/3: AEST AEDT -36000 1
 *   Wed Nov 15 09:13:20 2023 +1100 AEDT 1700000000, 1 39600 0
 *   Wed Jul  3 19:46:40 2024 +1000 AEST 1720000000, 0 36000 0
 *   Sun Mar 12 18:00:00 2023 +1100 AEDT 1678604400, 1 39600 0
 *   Sun Mar 12 17:59:59 2023 +1100 AEDT 1678604399, 1 39600 0
 *   Thu Jan  1 11:00:00 1970 +1100 AEDT 0, 1 39600 0
 * NZST-12NZDT,J60/1:30:15,300/-1: NZST NZDT -43200 1
 *   Wed Nov 15 10:13:20 2023 +1200 NZST 1700000000, 0 43200 0
 *   Wed Jul  3 22:46:40 2024 +1300 NZDT 1720000000, 1 46800 0
 *   Sun Mar 12 20:00:00 2023 +1300 NZDT 1678604400, 1 46800 0
 *   Sun Mar 12 19:59:59 2023 +1300 NZDT 1678604399, 1 46800 0
 *   Thu Jan  1 12:00:00 1970 +1200 NZST 0, 0 43200 0
 * 1678606200 3 1
 * 1689147000 3 1
 * Tue Nov 14 17:13:20 2023
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const zones[] = {
  "BRT3", "<-03>3", "UTC0", "IST-5:30", "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3",
  "AEST-10AEDT,M10.1.0,M4.1.0/3", "NZST-12NZDT,J60/1:30:15,300/-1",
};
static const time_t times[] = { 1700000000, 1720000000, 1678604400, 1678604399, 0 };

int main(void) {
  for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
    setenv("TZ", zones[i], 1);
    tzset();
    printf("%s: %s %s %ld %d\n", zones[i], tzname[0], tzname[1], timezone, daylight);
    for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
      struct tm tm = *localtime(&times[k]);
      char text[99];
      strftime(text, sizeof text, "%c %z %Z %s", &tm);
      tm.tm_isdst = -1;
      printf("  %s, %d %ld %ld\n", text, tm.tm_isdst, tm.tm_gmtoff, (long)(mktime(&tm) - times[k]));
    }
  }
  setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
  struct tm skipped = { .tm_year = 123, .tm_mon = 2, .tm_mday = 12, .tm_hour = 2, .tm_min = 30, .tm_isdst = -1 };
  printf("%ld ", (long)mktime(&skipped));
  printf("%d %d\n", skipped.tm_hour, skipped.tm_isdst);
  struct tm standard = { .tm_year = 123, .tm_mon = 6, .tm_mday = 12, .tm_hour = 2, .tm_min = 30 };
  printf("%ld ", (long)mktime(&standard));
  printf("%d %d\n", standard.tm_hour, standard.tm_isdst);
  printf("%s", ctime(&times[0]));
  return 0;
}
