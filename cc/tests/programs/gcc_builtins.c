/* gcc's built-in functions: bits, byte order, arithmetic with overflow.
 * exit: 0
 * expect:
 * 1: 1 31 0 1 1
 * 2147483648: 1 0 31 32 1
 * 12345: 6 18 0 1 0
 * 4294967295: 32 0 0 1 0
 * 63 40 64
 * 0 4 41 0
 * 3412 78563412 807060504030201
 * 1 -2147483648
 * 1 4294967295
 * 1 0
 * 0 255
 * 1 0
 * 1 1
 * 1 18446744073709551615
 * 1 -2
 * 1 0
 * builtin 7 4
 * 11 4
 * inf 1
 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static int length = __builtin_popcount(255) + __builtin_ctz(8);
static size_t known = strlen("abc") + 1;

int main(void) {
  unsigned words[] = { 1, 0x80000000u, 12345, 0xffffffffu };
  for (int i = 0; i < 4; i++) {
    unsigned w = words[i];
    printf("%u: %d %d %d %d %d\n", w, __builtin_popcount(w), __builtin_clz(w), __builtin_ctz(w), __builtin_ffs((int)w), __builtin_parity(w));
  }
  printf("%d %d %d\n", __builtin_clzl(1UL), __builtin_ctzll(1ULL << 40), __builtin_popcountll(~0ULL));
  printf("%d %d %d %d\n", __builtin_ffs(0), ffs(8), ffsl(1L << 40), ffsll(0));
  printf("%x %x %llx\n", __builtin_bswap16(0x1234), __builtin_bswap32(0x12345678u), (unsigned long long)__builtin_bswap64(0x0102030405060708ULL));
  int i;
  unsigned u;
  long l;
  uint8_t b;
  unsigned long long q;
  printf("%d ", __builtin_add_overflow(INT_MAX, 1, &i)), printf("%d\n", i);
  printf("%d ", __builtin_sub_overflow(3u, 4u, &u)), printf("%u\n", u);
  printf("%d ", __builtin_mul_overflow(1L << 40, 1L << 30, &l)), printf("%ld\n", l);
  printf("%d ", __builtin_add_overflow(200, 55, &b)), printf("%d\n", b);
  printf("%d ", __builtin_add_overflow(200, 56, &b)), printf("%d\n", b);
  printf("%d ", __builtin_mul_overflow(~0ULL, ~0ULL, &q)), printf("%llu\n", q);
  printf("%d ", __builtin_sub_overflow(-1, 0, &q)), printf("%llu\n", q);
  printf("%d ", __builtin_smull_overflow(LONG_MAX, 2, &l)), printf("%ld\n", l);
  printf("%d ", __builtin_uadd_overflow(UINT_MAX, 1, &u)), printf("%u\n", u);
  char copy[8];
  __builtin_memcpy(copy, "builtin", 8);
  __builtin_printf("%s %zu %d\n", copy, __builtin_strlen(copy), __builtin_abs(-4));
  if (__builtin_expect(length == 11, 1))
    printf("%d %zu\n", length, known);
  switch (length) {
  case 11:
    break;
  default:
    __builtin_unreachable();
  }
  printf("%f %d\n", 1 / 0.0, 1.0 / 0.0 > 1e308);
  return 0;
}
