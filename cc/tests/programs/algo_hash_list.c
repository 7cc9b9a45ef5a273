/* A hash table with chaining, as a course on data structures has it.
 * stdin: um dois um tres dois um\n
 * expect:
 * 0 um 3
 * 0 tres 1
 * 3 dois 2
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define B 7
struct e { char *k; int n; struct e *next; };
static struct e *t[B];
static unsigned h(const char *s) { unsigned x = 5381; while (*s) x = x * 33 + (unsigned char)*s++; return x % B; }
static struct e *get(const char *k) {
    struct e **p = &t[h(k)];
    while (*p && strcmp((*p)->k, k)) p = &(*p)->next;
    if (!*p) { *p = calloc(1, sizeof **p); (*p)->k = strdup(k); }
    return *p;
}
int main(void) {
    char w[64];
    while (scanf("%63s", w) == 1) get(w)->n++;
    for (int i = 0; i < B; i++) for (struct e *e = t[i]; e; e = e->next) printf("%d %s %d\n", i, e->k, e->n);
    for (int i = 0; i < B; i++) while (t[i]) { struct e *e = t[i]; t[i] = e->next; free(e->k); free(e); }
    return 0;
}
