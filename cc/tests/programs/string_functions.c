/* string.h.
 * expect:
 * abcdef 6
 * abcdefghi
 * XYcdefghi
 * -----fghi
 * ababcdehi
 * 1 1 0
 * 0 0
 * llo lo 1
 * frase longa 1
 * 3 3 =val
 * [um][dois][tres][quatro]
 * <a><b><c>
 * copia
 * 1 0
 * yz
 * No such file or directory|Connection refused|Unknown error 9999
 * 0 45
 * {a}{}{b}{c}
 * Broken pipe
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
int main(void) {
    char a[50] = "abc", b[50];
    strcat(a, "def"); printf("%s %zu\n", a, strlen(a));
    strncat(a, "ghijkl", 3); puts(a);
    strcpy(b, a); strncpy(b, "XY", 2); puts(b);
    memset(b, '-', 5); puts(b);
    memmove(a + 2, a, 5); puts(a);
    printf("%d %d %d\n", strcmp("a", "b") < 0, strcmp("b", "a") > 0, strcmp("a", "a"));
    printf("%d %d\n", strncmp("abcd", "abzz", 2), strcasecmp("HeLLo", "hEllO"));
    printf("%s %s %d\n", strchr("hello", 'l'), strrchr("hello", 'l'), strchr("x", 'y') == NULL);
    printf("%s %d\n", strstr("uma frase longa", "frase"), strstr("abc", "x") == NULL);
    printf("%zu %zu %s\n", strspn("123abc", "0123456789"), strcspn("abc,def", ","), strpbrk("key=val", "=:"));
    char t[] = "um,dois;tres,,quatro";
    for (char *p = strtok(t, ",;"); p; p = strtok(NULL, ",;")) printf("[%s]", p);
    puts("");
    char u[] = "a b c", *save;
    for (char *p = strtok_r(u, " ", &save); p; p = strtok_r(NULL, " ", &save)) printf("<%s>", p);
    puts("");
    char *d = strdup("copia"); puts(d);
    printf("%d %d\n", memcmp("abc", "abd", 3) < 0, memcmp("abc", "abd", 2));
    printf("%s\n", (char *)memchr("xyz", 'y', 3));
    printf("%s|%s|%s\n", strerror(2), strerror(111), strerror(9999));
    bzero(b, 3); printf("%d %d\n", b[0], b[4]);
    char q[] = "a::b:c", *qp = q, *tok;
    while ((tok = strsep(&qp, ":"))) printf("{%s}", tok);
    puts("");
    printf("%s\n", strsignal(13));
    return 0;
}
