/* ctype.h over all characters.
 * expect:
 * 62 5387
 * 52 4862
 * 10 525
 * 22 1527
 * 6 87
 * 26 2015
 * 26 2847
 * 32 2086
 * 95 7505
 * 94 7473
 * 33 623
 * 2 41
 * hELLO, wORLD 123
 */
#include <ctype.h>
#include <stdio.h>
int main(void) {
    int (*f[])(int) = {isalnum, isalpha, isdigit, isxdigit, isspace, isupper, islower, ispunct, isprint, isgraph, iscntrl, isblank};
    for (unsigned k = 0; k < sizeof f / sizeof *f; k++) {
        int n = 0; unsigned sum = 0;
        for (int c = -1; c < 256; c++) if (f[k](c)) { n++; sum += c; }
        printf("%d %u\n", n, sum);
    }
    for (const char *p = "Hello, World 123"; *p; p++) putchar(islower(*p) ? toupper(*p) : tolower(*p));
    puts("");
    return 0;
}
