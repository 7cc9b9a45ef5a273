/* strftime and the calendar, at a fixed moment.
 * expect:
 * 2023-11-14 22:13:20 Tue Nov 318
 * Tue Nov 14 22:13:20 2023
 * 22 2592000
 */
#include <stdio.h>
#include <time.h>
int main(void) {
  time_t when = 1700000000;
  struct tm *tm = gmtime(&when);
  char text[80];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %b %j", tm);
  puts(text);
  printf("%s", asctime(tm));
  tm->tm_mday += 30;
  printf("%d %ld\n", tm->tm_hour, (long)(mktime(tm) - when));
  return 0;
}
