/* search.h's table, tree and arrays; strptime(3), strverscmp(3), getsubopt(3).
 * expect:
 * mike alfa zulu bravo alfa golf 
 * alfa bravo golf mike zulu alfa bravo golf zulu 1
 * 2 1
 * 1 3 4
 * 1994-11-06 08:49:37 Sun 310|
 * 2001-11-12 18:31:01 Mon 316| and more
 * 1999-03-04 12:05:09 Thu 063|
 * no|
 * 1 1 1
 * 1 -; 2 Hi; -1 what; 
 */
#define _GNU_SOURCE
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int by_text(const void *a, const void *b) { return strcmp(a, b); }
static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void show(const void *node, VISIT visit, int depth)
{
    (void)depth;
    if (visit == postorder || visit == leaf)
        printf("%s ", *(char *const *)node);
}

static void date(const char *text, const char *format)
{
    struct tm tm;
    char line[80];
    memset(&tm, 0, sizeof tm);
    char *rest = strptime(text, format, &tm);
    strftime(line, sizeof line, "%F %T %a %j", &tm);
    printf("%s|%s\n", rest ? line : "no", rest ? rest : "");
}

int main(void)
{
    static char *words[] = { "mike", "alfa", "zulu", "bravo", "alfa", "golf" };
    void *root = NULL;
    for (int i = 0; i < 6; i++) {
        char **found = tsearch(words[i], &root, by_text);
        printf("%s%s ", *found, *found == words[i] ? "" : "=");
    }
    puts("");
    twalk(root, show);
    tdelete("mike", &root, by_text);
    twalk(root, show);
    printf("%d\n", tfind("mike", &root, by_text) == NULL);

    hcreate(10);
    for (long i = 0; i < 4; i++) {
        ENTRY one = { words[i], (void *)i };
        hsearch(one, ENTER);
    }
    ENTRY want = { "zulu", NULL }, none = { "none", NULL };
    printf("%ld %d\n", (long)hsearch(want, FIND)->data, hsearch(none, FIND) == NULL);
    hdestroy();

    int numbers[5] = { 5, 6, 7 }, six = 6, nine = 9;
    size_t count = 3;
    int *at = lfind(&six, numbers, &count, sizeof six, by_number);
    printf("%td ", at - numbers);
    at = lsearch(&nine, numbers, &count, sizeof nine, by_number);
    printf("%td %zu\n", at - numbers, count);

    date("Sun, 06 Nov 1994 08:49:37 GMT", "%a, %d %b %Y %H:%M:%S GMT");
    date("2001-11-12 18:31:01 and more", "%Y-%m-%d %H:%M:%S");
    date("12:05:09 PM 3/4/99", "%r %D");
    date("32/01", "%d/%m");
    printf("%d %d %d\n", strverscmp("a9", "a10") < 0, strverscmp("a", "a") == 0, strverscmp("b1", "a2") > 0);

    char options[] = "rw,name=Hi,what", *rest = options, *value, *const names[] = { "ro", "rw", "name", NULL };
    while (*rest) {
        int which = getsubopt(&rest, names, &value);
        printf("%d %s; ", which, value ? value : "-");
    }
    puts("");
    return 0;
}
