/* The rest of math.h and tgmath.h, to the digits that every library agrees on.
 * expect:
 * 52.3427777846 12.8018274801 0.5204998778 0.4795001222
 * 0.7651976866 0.4400505857 0.1149034849 0.0882569642
 * 1.265512 -1 -1.0000 2
 * 1.414214 3.000000 10
 * 4 8 0.7071
 * 0.2500 1.4142 1.50
 * 0.75 4 0.75
 * inf 1 1000
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <tgmath.h>

int main(void) {
  int quotient, exponent;
  double whole;
  float half = 0.5f;
  printf("%.10f %.10f %.10f %.10f\n", tgamma(5.5), lgamma(10.0), erf(0.5), erfc(0.5));
  printf("%.10f %.10f %.10f %.10f\n", j0(1.0), j1(1.0), jn(2, 1.0), y0(1.0));
  double logarithm = lgamma(-0.5);
  printf("%.6f %d", logarithm, signgam);
  double rest = remquo(29.0, 3.0, &quotient);
  printf(" %.4f %d\n", rest, quotient & 7);
  printf("%.6f %.6f %g\n", sqrtf(2.0f), cbrtf(27.0f), (double)fmaf(2.0f, 3.0f, 4.0f));
  printf("%zu %zu %.4f\n", sizeof sqrt(half), sizeof sqrt(2), sqrt(half));
  printf("%.4f %.4Lf %.2Lf\n", pow(half, 2), powl(2.0L, 0.5L), fmodl(7.5L, 2.0L));
  double fraction = frexp(12.0, &exponent);
  printf("%g %d %g\n", fraction, exponent, modf(3.75, &whole));
  errno = 0;
  double pole = tgamma(0.0);
  printf("%f %d %g\n", pole, errno == ERANGE, exp10(3.0));
  return 0;
}
