/* scanf from the standard input, with what beginners read.
 * stdin: 10 20\n3.5 abc\numa linha inteira\nx 0x1f 077\n
 * expect:
 * 2: 10 20
 * 2: 3.50 abc
 * 1: [uma linha inteira]
 * 3: x 31 63
 * -1
 * eof 1
 */
#include <stdio.h>
int main(void) {
    int a, b, n; float f; char w[20], line[100], c; unsigned x;
    n = scanf("%d %d", &a, &b); printf("%d: %d %d\n", n, a, b);
    n = scanf("%f %19s", &f, w); printf("%d: %.2f %s\n", n, f, w);
    n = scanf(" %[^\n]", line); printf("%d: [%s]\n", n, line);
    n = scanf(" %c %x %i", &c, &x, &a); printf("%d: %c %u %d\n", n, c, x, a);
    n = scanf("%d", &a); printf("%d\n", n);
    printf("eof %d\n", feof(stdin) != 0);
    return 0;
}
