/* Formats of printf that servers use for tables and hex dumps.
 * expect:
 * nome      |   42|42   |00042|+42
 *      3.142|1.23e+04|0.0001|     7|abc
 * 0xff 010 BEEF ok %
 * 0000  47 45 54 20 2f 20 48 54  |GET / HT|
 * 0008  54 50 2f 31 2e 30 0d 0a  |TP/1.0..|
 * 0010  0d 0a                    |..|
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
static void dump(const void *data, size_t len) {
  const unsigned char *p = data;
  for (size_t i = 0; i < len; i += 8) {
    printf("%04zx ", i);
    for (size_t j = 0; j < 8; j++)
      i + j < len ? printf(" %02x", p[i + j]) : printf("   ");
    printf("  |");
    for (size_t j = 0; j < 8 && i + j < len; j++)
      putchar(isprint(p[i + j]) ? p[i + j] : '.');
    puts("|");
  }
}
int main(void) {
  printf("%-10s|%5d|%-5d|%05d|%+d\n", "nome", 42, 42, 42, 42);
  printf("%10.3f|%-8.2e|%g|%*d|%.*s\n", 3.14159, 12345.678, 0.0001, 6, 7, 3, "abcdef");
  printf("%#x %#o %X %c%c %%\n", 255, 8, 48879, 'o', 'k');
  dump("GET / HTTP/1.0\r\n\r\n", 18);
  return 0;
}
