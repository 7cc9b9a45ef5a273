/* wc over the standard input with getchar.
 * stdin: um dois  tres\nquatro\tcinco\n\n
 * expect:
 * 3 5 28
 */
#include <ctype.h>
#include <stdio.h>
int main(void) {
    int c, lines = 0, words = 0, chars = 0, in = 0;
    while ((c = getchar()) != EOF) { chars++; if (c == '\n') lines++; if (isspace(c)) in = 0; else if (!in) { in = 1; words++; } }
    printf("%d %d %d\n", lines, words, chars);
    return 0;
}
