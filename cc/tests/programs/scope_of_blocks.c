/* Blocks in loops: each turn has its own variables; the same address is used again.
 * expect:
 * 17
 */
#include <stdio.h>
#include <string.h>
int main(void) {
  int total = 0;
  for (int i = 0; i < 3; i++) {
    char line[16] = { 0 };
    int *where = &total;
    if (i == 1)
      continue;
    snprintf(line, sizeof line, "turn %d", i);
    *where += (int)strlen(line);
    switch (i) {
      int late;
    case 2:
      late = 5;
      total += *&late;
    }
  }
  printf("%d\n", total);
  return 0;
}
