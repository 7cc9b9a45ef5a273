/* printf: what a first course uses.
 * expect:
 * 42|   42|42   |00042|+42
 * -7 5 1099511627776 4464 -56
 * 3000000000 ff FF 10 0xff 010
 * xyA   a|b  |
 * 3.141590 3.14      3.142|3.1       |3.141590e+00 3.14159 1e+20
 * texto|     texto|texto     |tex|       w
 * % (nil) 8
 * [(null)]
 * 0x1p+0 0x1.91fp+1
 * 12345
 * ret=6
 * pos 7 pos
 */
#include <stdio.h>
int main(void) {
    int i = 42; long l = -7L; unsigned u = 3000000000u; char c = 'x'; double d = 3.14159; char *s = "texto";
    printf("%d|%5d|%-5d|%05d|%+d\n", i, i, i, i, i);
    printf("%ld %lu %lld %hu %hhd\n", l, 5ul, 1LL << 40, (unsigned short)70000, (signed char)200);
    printf("%u %x %X %o %#x %#o\n", u, 255, 255, 8, 255, 8);
    printf("%c%c%c %3c|%-3c|\n", c, 'y', 65, 'a', 'b');
    printf("%f %.2f %10.3f|%-10.1f|%e %g %g\n", d, d, d, d, d, d, 1e20);
    printf("%s|%10s|%-10s|%.3s|%*s\n", s, s, s, s, 8, "w");
    printf("%% %p %zu\n", (void *)0, sizeof(long));
    printf("[%s]\n", (char *)NULL);
    printf("%a %.3a\n", 1.0, 3.14);
    printf("ret=%d\n", printf("12345\n"));
    printf("%1$s %2$d %1$s\n", "pos", 7);
    return 0;
}
