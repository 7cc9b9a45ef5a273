/* Packed protocol headers and bit-fields, byte by byte.
 * expect:
 * 07 02 01 06 05 04 03 61 62 63 64 00 | 12
 * 003c0054 -1
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
struct __attribute__((packed)) message {
  uint8_t type;
  uint16_t length;
  uint32_t sequence;
  char text[5];
};
struct flags {
  unsigned version : 4;
  unsigned ihl : 4;
  unsigned tos : 8;
  unsigned length : 16;
};
int main(void) {
  struct message m = { 7, 0x0102, 0x03040506, "abcd" };
  const unsigned char *byte = (const unsigned char *)&m;
  for (size_t i = 0; i < sizeof m; i++)
    printf("%02x ", byte[i]);
  printf("| %zu\n", sizeof m);
  struct flags f = { 4, 5, 0, 60 };
  uint32_t word;
  memcpy(&word, &f, sizeof word);
  printf("%08x %d\n", word, f.version - 5);
  return 0;
}
