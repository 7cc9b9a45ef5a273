/* Arrays of arrays, as parameters of variable size too, const tables, do/while, comma, ternary chains.
 * expect:
 *   30.0  36.0  42.0
 *   66.0  81.0  96.0
 *  102.0 126.0 150.0
 * 10 45
 * F C B A 
 * 6 8 12
 */
#include <stdio.h>
#define N 3
static void mul(int n, double a[n][n], double b[n][n], double c[][n]) {
    for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) { c[i][j] = 0; for (int k = 0; k < n; k++) c[i][j] += a[i][k] * b[k][j]; }
}
static const char *grade(int x) { return x >= 90 ? "A" : x >= 70 ? "B" : x >= 50 ? "C" : "F"; }
int main(void) {
    double a[N][N] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, id[N][N] = {{1}, {0, 1}, {0, 0, 1}}, c[N][N];
    mul(N, a, id, c); mul(N, c, a, id);
    for (int i = 0; i < N; i++, puts("")) for (int j = 0; j < N; j++) printf("%6.1f", id[i][j]);
    int i = 0, s = 0; do s += i++; while (i < 10); printf("%d %d\n", i, s);
    for (int g = 40; g <= 100; g += 20) printf("%s ", grade(g));
    puts("");
    int (*p)[N] = (int[2][N]){{1, 2, 3}, {4, 5, 6}}; printf("%d %zu %zu\n", p[1][2], sizeof p, sizeof *p);
    return 0;
}
