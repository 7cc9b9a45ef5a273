/* regex.h: extended and basic expressions, groups, the longest match, errors; fnmatch(3).
 * expect:
 * ^GET +(/[^ ]*) HTTP/([0-9]+)\.([0-9]+) on GET /a/b HTTP/1.1: 0, 3 groups [0,17) [4,8) [14,15) [16,17)
 * a|ab|abc on xxabcd: 0, 0 groups [2,5)
 * [0-9]{3}-[0-9]{4} on tel 555-1234: 0, 0 groups [4,12)
 * a{2,} on caaat: 0, 0 groups [1,4)
 * a{0,2}b on aaab: 0, 0 groups [1,4)
 * \(a*\)b\{2\} on aabb: 0, 1 groups [0,4) [0,2)
 * a+ on a+: 0, 0 groups [0,2)
 * a\+ on aaa: 0, 0 groups [0,3)
 * [[:alpha:]_][[:alnum:]_]* on 9 x_1=: 0, 0 groups [2,5)
 * ^$ on : 0, 0 groups [0,0)
 * HELLO on say hello: 0, 0 groups [4,9)
 * b$ on ab
 * cd: 0, 0 groups [1,2)
 * \bfoo\b on a foo b: 0, 0 groups [2,5)
 * ([a-z]+)@([a-z.]+) on me@ex.br fim: 0, 2 groups [0,8) [0,2) [3,8)
 * (ab?)+ on abaab: 0, 1 groups [0,5) [3,5)
 * []x]+ on a]x]: 0, 0 groups [1,4)
 * [^a-c]+ on abcxyz: 0, 0 groups [3,6)
 * ^(([^:/?#]+):)?(//([^/?#]*))? on http://h.br/x: 0, 4 groups [0,11) [0,5) [0,4) [5,11)
 * zz on abc: 1, 0 groups
 * (: Unmatched ( or \(
 * [a: Unmatched [, [^, [:, [., or [=
 * *a: Invalid preceding regular expression
 * a{2,1}: Invalid content of \{\}
 * 0 1 0 1 1 0 1
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <regex.h>
#include <stdio.h>

static void try(const char *pattern, int flags, const char *text)
{
    regex_t re;
    regmatch_t m[4];
    char why[100];
    int error = regcomp(&re, pattern, flags);
    if (error) {
        regerror(error, &re, why, sizeof why);
        printf("%s: %s\n", pattern, why);
        return;
    }
    error = regexec(&re, text, 4, m, 0);
    printf("%s on %s: %d, %zu groups", pattern, text, error, re.re_nsub);
    for (int i = 0; i < 4 && !error; i++)
        if (m[i].rm_so >= 0)
            printf(" [%d,%d)", m[i].rm_so, m[i].rm_eo);
    puts("");
    regfree(&re);
}

int main(void)
{
    const int E = REG_EXTENDED;
    try("^GET +(/[^ ]*) HTTP/([0-9]+)\\.([0-9]+)", E, "GET /a/b HTTP/1.1");
    try("a|ab|abc", E, "xxabcd");
    try("[0-9]{3}-[0-9]{4}", E, "tel 555-1234");
    try("a{2,}", E, "caaat");
    try("a{0,2}b", E, "aaab");
    try("\\(a*\\)b\\{2\\}", 0, "aabb");
    try("a+", 0, "a+");
    try("a\\+", 0, "aaa");
    try("[[:alpha:]_][[:alnum:]_]*", E, "9 x_1=");
    try("^$", E, "");
    try("HELLO", E | REG_ICASE, "say hello");
    try("b$", E | REG_NEWLINE, "ab\ncd");
    try("\\bfoo\\b", E, "a foo b");
    try("([a-z]+)@([a-z.]+)", E, "me@ex.br fim");
    try("(ab?)+", E, "abaab");
    try("[]x]+", E, "a]x]");
    try("[^a-c]+", E, "abcxyz");
    try("^(([^:/?#]+):)?(//([^/?#]*))?", E, "http://h.br/x");
    try("zz", E, "abc");
    try("(", E, "");
    try("[a", E, "");
    try("*a", E, "a");
    try("a{2,1}", E, "");
    printf("%d %d %d", fnmatch("*.c", "a.c", 0), fnmatch("*.c", "a.h", 0), fnmatch("[a-c]?x", "bzx", 0));
    printf(" %d %d", fnmatch("*", ".x", FNM_PERIOD), fnmatch("a/*", "a/b/c", FNM_PATHNAME));
    printf(" %d %d\n", fnmatch("A*", "abc", FNM_CASEFOLD), fnmatch("[!x]", "x", 0));
    return 0;
}
