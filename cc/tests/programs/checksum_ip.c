/* The Internet checksum, over odd and even lengths.
 * expect:
 * b861 0000 9d3b
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
static uint16_t checksum(const void *data, int len) {
  const uint16_t *word = data;
  uint32_t sum = 0;
  for (; len > 1; len -= 2)
    sum += *word++;
  if (len == 1)
    sum += *(const uint8_t *)word;
  sum = (sum >> 16) + (sum & 0xffff);
  sum += sum >> 16;
  return (uint16_t)~sum;
}
int main(void) {
  unsigned char header[20] = { 0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0, 0, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7 };
  uint16_t sum = checksum(header, 20);
  memcpy(header + 10, &sum, 2);
  printf("%02x%02x %04x %04x\n", header[10], header[11], checksum(header, 20), checksum("abc", 3));
  return 0;
}
