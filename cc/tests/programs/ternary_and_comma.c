/* Conditional and comma operators in the places where programs have them.
 * expect:
 * 10,6,2
 * empty 20 twenty
 */
#include <stdio.h>
#include <string.h>
int main(void) {
  int i, j;
  for (i = 0, j = 10; i < j; i += 3, j--)
    printf("%d%s", j - i, i + 3 < j - 1 ? "," : "\n");
  const char *name = strlen("") ? "full" : "empty";
  int n = (i = 4, j = 5, i * j);
  printf("%s %d %s\n", name, n, n > 19 ? n > 20 ? "big" : "twenty" : "small");
  return 0;
}
