/* Numbers from text, with ends, bases and ranges.
 * expect:
 * 42/10: 42 '' 0
 *   -42xyz/10: -42 'xyz' 0
 * 0x1F/16: 31 '' 0
 * 0x1F/0: 31 '' 0
 * 077/0: 63 '' 0
 * 0x/16: 0 'x' 0
 * abc/10: 0 'abc' 0
 * zz/36: 1295 '' 0
 * 99999999999999999999/10: 9223372036854775807 '' 1
 * -99999999999999999999/10: -9223372036854775808 '' 1
 * /10: 0 '' 0
 * 10102/2: 10 '2' 0
 * +7/10: 7 '' 0
 * 0/0: 0 '' 0
 * 08/0: 0 '8' 0
 * 12 -5 2.500000 0
 * 18446744073709551615 18446744073709551615 -9223372036854775808
 * 1500 abc
 * 5 5 5
 * 3 2
 * -2147483648 2147483647
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
static void show(const char *s, int base) {
    char *end; errno = 0; long v = strtol(s, &end, base);
    printf("%s/%d: %ld '%s' %d\n", s, base, v, end, errno == ERANGE ? 1 : errno ? 2 : 0);
}
int main(void) {
    show("42", 10); show("  -42xyz", 10); show("0x1F", 16); show("0x1F", 0); show("077", 0); show("0x", 16); show("abc", 10);
    show("zz", 36); show("99999999999999999999", 10); show("-99999999999999999999", 10); show("", 10); show("10102", 2); show("+7", 10); show("0", 0); show("08", 0);
    printf("%d %ld %f %d\n", atoi("12abc"), atol("-5"), atof("2.5x"), atoi("nada"));
    printf("%lu %llu %lld\n", strtoul("-1", NULL, 10), strtoull("18446744073709551615", NULL, 10), strtoll("-9223372036854775808", NULL, 10));
    char *e; double x = strtod("1.5e3abc", &e); printf("%g %s\n", x, e);
    printf("%d %ld %lld\n", abs(-5), labs(-5L), llabs(-5LL));
    div_t d = div(17, 5); printf("%d %d\n", d.quot, d.rem);
    printf("%d %d\n", atoi("2147483648"), INT_MAX);
    return 0;
}
