/* Statement expressions, typeof, case ranges, ranges in initialisers, a ?: b, labels as usual.
 * expect:
 * 4 17 digit letter other
 * 7 5
 * 4 3
 */
#include <stdio.h>
#define MAX(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
static const char *kind(int c) {
  switch (c) {
  case '0' ... '9': return "digit";
  case 'a' ... 'z': case 'A' ... 'Z': return "letter";
  default: return "other";
  }
}
int main(void) {
  int table[10] = { [0 ... 3] = 1, [7] = 9, [8 ... 9] = 2 };
  int sum = 0, zero = 0;
  for (int i = 0; i < 10; i++)
    sum += table[i];
  printf("%d %d %s %s %s\n", MAX(3, 4), sum, kind('5'), kind('q'), kind('-'));
  printf("%d %d\n", zero ?: 7, 5 ?: 7);
  struct { int n; char data[0]; } empty = { 3 };
  printf("%zu %d\n", sizeof empty, empty.n);
  return 0;
}
