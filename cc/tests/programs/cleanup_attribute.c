/* `cleanup` on every way out of a block, `constructor` and `destructor`.
 * exit: 3
 * expect:
 * before main
 * free b
 * free b
 * free b
 * end
 * free a
 * 0 -> 7
 * free b
 * free b
 * free a
 * 1 -> 1
 * free b
 * free b
 * end
 * free a
 * 2 -> 7
 * free b
 * out
 * free a
 * 3 -> 8
 * free c
 * free b
 * free c
 * free b
 * free c
 * free b
 * end
 * free a
 * 4 -> 7
 * free nothing
 * free late
 * free first
 * free second
 * at exit
 * after main
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void release(char **p) {
  printf("free %s\n", *p ? *p : "nothing");
  free(*p);
}
#define AUTO __attribute__((cleanup(release)))

__attribute__((constructor)) static void before(void) { puts("before main"); }
static void after(void) __attribute__((destructor));
static void after(void) { puts("after main"); }
static void at_exit(void) { puts("at exit"); }

static int ways(int way) {
  AUTO char *a = strdup("a");
  for (int i = 0; i < 3; i++) {
    AUTO char *b = strdup("b");
    if (way == 1 && i == 1)
      return (int)strlen(a);
    if (way == 2 && i == 0)
      continue;
    if (way == 2 && i == 1)
      break;
    if (way == 3)
      goto out;
    switch (way) {
    case 4: {
      AUTO char *c = strdup("c");
      break;
    }
    }
  }
  puts("end");
  return 7;
out:
  puts("out");
  return 8;
}

static void early(int n) {
  AUTO char *p = NULL;
  if (n)
    return;
  p = strdup("late");
}

int main(void) {
  atexit(at_exit);
  for (int way = 0; way < 5; way++)
    printf("%d -> %d\n", way, ways(way));
  early(1);
  early(0);
  int again = 0;
retry:;
  AUTO char *r = strdup(again ? "second" : "first");
  if (!again++)
    goto retry;
  return 3;
}
