/* sscanf: widths, sets, suppression, %n, failures.
 * expect:
 * 2 12 34
 * 1 12
 * 0
 * -1
 * 123 3 2
 * 2 nome valor
 * 1 2
 * 2 325 xyz
 * 4 -99 255 -5 123456789012
 * 31 511
 * 1 (nil)
 * 1 abc
 * 1 42 4
 * 1 3
 * 2 GET /index.html
 * 2 inf nan
 * 2 192 168
 * 0
 * 1
 * 1 ]x]
 * 1
 */
#include <stdio.h>
int main(void) {
    int a = 0, b = 0, n; char s[50], t[50]; double d; long l; unsigned char o; short h; long long ll; void *p; char c[4];
    n = sscanf("12:34", "%d:%d", &a, &b); printf("%d %d %d\n", n, a, b);
    n = sscanf("12-34", "%d:%d", &a, &b); printf("%d %d\n", n, a);
    n = sscanf("abc", "%d", &a); printf("%d\n", n);
    n = sscanf("", "%d", &a); printf("%d\n", n);
    n = sscanf("123456", "%3d%n%d", &a, &b, &n); printf("%d %d %d\n", a, b, n);
    n = sscanf("nome=valor; x", "%[a-z]=%[^;]", s, t); printf("%d %s %s\n", n, s, t);
    n = sscanf("1 2 3", "%*d %d", &a); printf("%d %d\n", n, a);
    n = sscanf("3.25e2xyz", "%lf%s", &d, s); printf("%d %g %s\n", n, d, s);
    n = sscanf("-99 255 -5 123456789012", "%ld %hhu %hd %lld", &l, &o, &h, &ll); printf("%d %ld %d %d %lld\n", n, l, o, h, ll);
    n = sscanf("0x1f 0777 0b1", "%i %i %i", &a, &b, &n); printf("%d %d\n", a, b);
    n = sscanf("(nil) 0x10", "%p", &p); printf("%d %p\n", n, p);
    n = sscanf("abcdef", "%3c", c); c[3] = 0; printf("%d %s\n", n, c);
    n = sscanf("  42  ", "%d%n", &a, &b); printf("%d %d %d\n", n, a, b);
    n = sscanf("10%", "%d%%%n", &a, &b); printf("%d %d\n", n, b);
    n = sscanf("GET /index.html HTTP/1.1", "%s %s %*s", s, t); printf("%d %s %s\n", n, s, t);
    n = sscanf("inf nan -infinity", "%lf %s", &d, s); printf("%d %f %s\n", n, d, s);
    n = sscanf("192.168.0.1", "%d.%d", &a, &b); printf("%d %d %d\n", n, a, b);
    n = sscanf("-", "%d", &a); printf("%d\n", n);
    n = sscanf("1e", "%lf", &d); printf("%d\n", n);
    n = sscanf("]x]", "%[]x]", s); printf("%d %s\n", n, s);
    n = sscanf("99999999999", "%d", &a); printf("%d\n", n);
    return 0;
}
