/* malloc, calloc, realloc, linked list.
 * expect:
 * 0
 * 0 1 2 3 4 25 36 49 64 81 
 * 4 3 2 1 0 
 * cresceu
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct node { int v; struct node *next; };
int main(void) {
    int *p = calloc(5, sizeof *p), s = 0; for (int i = 0; i < 5; i++) s += p[i]; printf("%d\n", s);
    for (int i = 0; i < 5; i++) p[i] = i;
    p = realloc(p, 10 * sizeof *p); for (int i = 5; i < 10; i++) p[i] = i * i;
    for (int i = 0; i < 10; i++) printf("%d ", p[i]);
    puts(""); free(p);
    struct node *head = NULL;
    for (int i = 0; i < 5; i++) { struct node *n = malloc(sizeof *n); n->v = i; n->next = head; head = n; }
    while (head) { struct node *n = head; printf("%d ", n->v); head = n->next; free(n); }
    puts(""); free(NULL);
    char *s2 = malloc(1); s2 = realloc(s2, 20); strcpy(s2, "cresceu"); puts(s2); free(s2);
    return 0;
}
