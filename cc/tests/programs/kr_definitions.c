/* Old-style definitions and implicit int, as in books of the eighties.
 * expect:
 * 5 um 42
 */
#include <stdio.h>
add(a, b) int a, b; { return a + b; }
char *pick(list, n)
char **list;
int n;
{
  return list[n];
}
static twice(x) { return 2 * x; }
int main() {
  char *words[] = { "zero", "um", "dois" };
  printf("%d %s %d\n", add(2, 3), pick(words, 1), twice(21));
  return 0;
}
