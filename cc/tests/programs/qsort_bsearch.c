/* qsort and bsearch: the order of comparisons is glibc's merge sort.
 * expect:
 * (3,9)(5,3)(5,9)(7,2)(1,2)(3,1)(3,2)(3,7)(5,7)(9,7)
 * 1 2 3 5 7 9 10
 * (7,5)(7,9)(7,7) -> 4
 * (4,5)(4,2)(4,3) -> 1
 * abacaxi laranja pera uva 
 * 1a 1z 2b 3c 
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int calls;
static int by_value(const void *a, const void *b) { calls++; printf("(%d,%d)", *(int *)a, *(int *)b); return *(int *)a - *(int *)b; }
static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }
struct rec { int id; char name[40]; };
static int by_id(const void *a, const void *b) { return ((struct rec *)a)->id - ((struct rec *)b)->id; }
int main(void) {
    int v[] = {5, 3, 9, 1, 7, 2};
    qsort(v, 6, sizeof *v, by_value); puts("");
    for (int i = 0; i < 6; i++) printf("%d ", v[i]);
    printf("%d\n", calls);
    int key = 7; int *f = bsearch(&key, v, 6, sizeof *v, by_value); printf(" -> %ld\n", f ? (long)(f - v) : -1L);
    key = 4; f = bsearch(&key, v, 6, sizeof *v, by_value); printf(" -> %d\n", f == NULL);
    char *n[] = {"pera", "uva", "abacaxi", "laranja"};
    qsort(n, 4, sizeof *n, by_name);
    for (int i = 0; i < 4; i++) printf("%s ", n[i]);
    puts("");
    struct rec r[] = {{3, "c"}, {1, "a"}, {2, "b"}, {1, "z"}};
    qsort(r, 4, sizeof *r, by_id);
    for (int i = 0; i < 4; i++) printf("%d%s ", r[i].id, r[i].name);
    puts("");
    return 0;
}
