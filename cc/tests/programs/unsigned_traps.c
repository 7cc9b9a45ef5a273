/* Integer conversions as gcc -O0 has them: promotion, wrap-around, mixed signs, shifts.
 * expect:
 * 300 44 -56
 * 0 2147483647
 * 65536 0
 * 1 2147483648
 * -5 15
 * -3 -1
 * 18446744073709551615 -9223372036854775808
 * -1 0
 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
int main(void) {
  unsigned char a = 200, b = 100;
  signed char c = (signed char)200;
  uint16_t s = 65535;
  printf("%d %d %d\n", a + b, (unsigned char)(a + b), c);
  printf("%d %u\n", -1 < 1u, (unsigned)-1 / 2);
  printf("%d %d\n", s + 1, (uint16_t)(s + 1));
  printf("%d %ld\n", INT_MAX + 1 < 0, (long)INT_MAX + 1);
  printf("%d %u\n", -17 >> 2, 0xf0000000u >> 28);
  printf("%d %d\n", -7 / 2, -7 % 2);
  printf("%llu %lld\n", 0ULL - 1, LLONG_MIN);
  printf("%d %d\n", (char)'\xff', '\xff' == 255);
  return 0;
}
