/* sys/queue.h, and what else the wild has: letters in names, literals as initialisers, a
 * variable length array in a long loop, an attribute in a cast.
 * expect:
 * 0 1 2 3
 * 3 2 1 0
 * 2 3 5
 * 4999
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
struct item {
  int value;
  TAILQ_ENTRY(item) links;
};
TAILQ_HEAD(items, item);
struct pair {
  int a;
  struct {
    short b, c;
  } rest;
};
static struct pair whole = (struct pair){ 2, { 3, 4 } };
static int five(void) { return 5; }
int main(void) {
  struct items head = TAILQ_HEAD_INITIALIZER(head);
  struct item *at;
  for (int i = 0; i < 4; i++) {
    at = malloc(sizeof *at);
    at->value = i;
    TAILQ_INSERT_TAIL(&head, at, links);
  }
  TAILQ_FOREACH(at, &head, links) printf("%d%s", at->value, TAILQ_NEXT(at, links) ? " " : "\n");
  TAILQ_FOREACH_REVERSE(at, &head, items, links) printf("%d%s", at->value, TAILQ_PREV(at, items, links) ? " " : "\n");
  int ação = ((int(__attribute__((unused)) *)(void))five)();
  printf("%d %d %d\n", whole.a, whole.rest.b, ação);
  int last = 0;
  for (int i = 0; i < 5000; i++) {
    char buffer[4096 + i % 3];
    buffer[0] = (char)i;
    if (buffer[0] == 1)
      continue;
    last = i;
  }
  printf("%d\n", last);
  while ((at = TAILQ_FIRST(&head))) {
    TAILQ_REMOVE(&head, at, links);
    free(at);
  }
  return 0;
}
