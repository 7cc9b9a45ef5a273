/* Reading lines until the end of the input, as chat clients do.
 * stdin: primeira\nsegunda linha\n\nsem fim
 * expect:
 * [primeira]
 * <segunda> 0
 * < linha
 * > 1
 * <
 * > 1
 * <sem fim> 0
 * 1 1
 */
#include <stdio.h>
#include <string.h>
int main(void) {
    char b[12]; int c;
    if (fgets(b, sizeof b, stdin)) { b[strcspn(b, "\n")] = 0; printf("[%s]\n", b); }
    while (fgets(b, 8, stdin)) printf("<%s> %d\n", b, b[strlen(b) - 1] == '\n');
    c = getchar(); printf("%d %d\n", c == EOF, feof(stdin) != 0);
    return 0;
}
