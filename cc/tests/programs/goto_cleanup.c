/* goto for cleaning up, and a loop made of goto.
 * expect:
 * 0 -1 -1 
 */
#include <stdio.h>
#include <stdlib.h>
static int work(int fail) {
  int status = -1;
  char *a = malloc(10), *b = NULL;
  if (!a || fail == 1)
    goto out;
  b = malloc(20);
  if (!b || fail == 2)
    goto out;
  status = 0;
out:
  free(b);
  free(a);
  return status;
}
int main(void) {
  int n = 0;
again:
  if (n < 3) {
    printf("%d ", work(n));
    n++;
    goto again;
  }
  puts("");
  return 0;
}
