/* The comma operator where a whole expression may stand, `return` above all.
 * exit: 1
 * expect:
 * 15 34 three
 * odd
 * failed
 * 5 -1 2 0
 * 2 5
 */
#include <stdio.h>

#define FAIL(text, code) return puts(text), code

static int next(int x) { return x++, x; }
static void quiet(int *n) { return (void)++*n, (void)++*n; }
static int fail(void) { FAIL("failed", -1); }

int main(void) {
  int a = 1, n = 0;
  quiet(&n);
  for (int i = 0, j = 5; i++, i < j; i++, j--)
    printf("%d%d ", i, j);
  while (a++, a < 4)
    ;
  if (n++, n == 3)
    puts("three");
  switch (a++, a % 2) {
  case 1: puts("odd");
  }
  do
    a--;
  while (n--, n > 0);
  printf("%d %d %d %d\n", next(4), fail(), a > 0 ? n++, a : n, (a, n));
  int list[3] = { (1, 2), a ? 5 : 6 };
  return printf("%d %d\n", list[n = 0, n], list[1]), 1;
}
