/* Two-dimensional arrays, pointers to rows, VLA parameters, arrays of pointers.
 * expect:
 * 12 7 5 3
 */
#include <stdio.h>
#include <stdlib.h>
static int trace(int n, int m[n][n]) {
  int sum = 0;
  for (int i = 0; i < n; i++)
    sum += m[i][i];
  return sum;
}
static void fill(int (*row)[3], int rows) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < 3; j++)
      row[i][j] = i * 3 + j;
}
int main(void) {
  int m[3][3];
  fill(m, 3);
  int **rows = malloc(3 * sizeof *rows);
  for (int i = 0; i < 3; i++)
    rows[i] = m[i];
  printf("%d %d %d %zu\n", trace(3, m), rows[2][1], *(*(m + 1) + 2), sizeof m / sizeof m[0]);
  free(rows);
  return 0;
}
