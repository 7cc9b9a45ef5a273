/* A switch with wide and negative values, strings by hash.
 * expect:
 * minus zero wide AB none
 * 173246534 39
 */
#include <stdio.h>
static const char *what(long n) {
  switch (n) {
  case -5: return "minus";
  case 0: return "zero";
  case 4294967296L: return "wide";
  case 'A' * 256 + 'B': return "AB";
  }
  return "none";
}
static unsigned hash(const char *s) {
  unsigned h = 5381;
  while (*s)
    h = h * 33 ^ (unsigned char)*s++;
  return h;
}
int main(void) {
  printf("%s %s %s %s %s\n", what(-5), what(0), what(1L << 32), what(16706), what(3));
  printf("%u %u\n", hash("login"), hash("quit") % 97);
  return 0;
}
