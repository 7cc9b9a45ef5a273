/* Calendar functions on fixed times (UTC).
 * expect:
 * 1970-01-01 00:00:00 Thu 001 00 AM | Thu Jan  1 00:00:00 1970
 * 2000-02-29 00:00:00 Tue 060 09 AM | Tue Feb 29 00:00:00 2000
 * 2023-11-14 22:13:20 Tue 318 46 PM | Tue Nov 14 22:13:20 2023
 * 1969-12-31 23:59:59 Wed 365 52 PM | Wed Dec 31 23:59:59 1969
 * 2100-01-01 00:00:00 Fri 001 00 AM | Fri Jan  1 00:00:00 2100
 * Tue Nov 14 22:13:20 2023
 * 1709514000 124-2-4 1
 * 60
 * 0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
int main(void) {
    time_t t[] = {0, 951782400, 1700000000, -1, 4102444800};
    for (int i = 0; i < 5; i++) {
        struct tm *g = gmtime(&t[i]); char b[100];
        strftime(b, sizeof b, "%Y-%m-%d %H:%M:%S %a %j %U %p", g);
        printf("%s | %s", b, asctime(g));
    }
    printf("%s", ctime(&t[2]));
    struct tm m; memset(&m, 0, sizeof m); m.tm_year = 123; m.tm_mon = 13; m.tm_mday = 32; m.tm_hour = 25;
    time_t r = mktime(&m); printf("%ld %d-%d-%d %d\n", (long)r, m.tm_year, m.tm_mon, m.tm_mday, m.tm_wday);
    printf("%.0f\n", difftime(100, 40));
    char b[5]; printf("%zu\n", strftime(b, sizeof b, "%Y-%m", gmtime(&t[2])));
    return 0;
}
