/* Floats: rounding, limits, conversions to integers, printing.
 * expect:
 * 0.33333333333333331 0.100000001 0.300000
 * 2 -2 0
 * 1.41421 1.41421 -2 3
 * 1.797693e+308 0x1.8p+0
 * 3.250000 1
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  double third = 1.0 / 3;
  float f = 0.1f;
  printf("%.17g %.9g %f\n", third, f, (double)f * 3);
  printf("%d %d %d\n", (int)2.99, (int)-2.99, (int)(0.1 + 0.2 == 0.3));
  printf("%g %g %.0f %.0f\n", sqrt(2), pow(2, 0.5), floor(-1.5), round(2.5));
  printf("%e %a\n", DBL_MAX, 1.5);
  printf("%f %d\n", atof("3.25abc"), isnan(NAN) != 0);
  return 0;
}
