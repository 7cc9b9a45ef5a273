/* Static locals, static functions, extern in a block, shadowing.
 * expect:
 * 5 7 1 101 100
 */
#include <stdio.h>
int shared = 5;
static int next(void) {
  static int value = 100;
  return value++;
}
int main(void) {
  int shared = 1;
  {
    extern int shared;
    printf("%d ", shared);
  }
  for (int shared = 7; shared < 8; shared++)
    printf("%d ", shared);
  printf("%d %d %d\n", shared, next(), next());
  return 0;
}
