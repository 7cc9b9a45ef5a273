/* A narrow unsigned bit-field is an int in expressions.
 * expect:
 * 1 0 -4
 * 0 -3 0
 */
#include <stdio.h>
struct bits { unsigned two : 2; unsigned full : 32; int sign : 3; };
int main(void) {
  struct bits b = { 1, 1, -4 };
  printf("%d %d %d\n", b.two - 2 < 0, b.full - 2 < 0, b.sign);
  b.two += 3;
  b.sign++;
  printf("%d %d %d\n", b.two, b.sign, -b.two);
  return 0;
}
