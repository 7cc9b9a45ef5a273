/* What exercises write themselves: reverse, trim, split, itoa, count.
 * expect:
 * [um][dois][][tres] -12045
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
static void reverse(char *s) {
  for (size_t i = 0, j = strlen(s); i + 1 < j; i++) {
    char t = s[i];
    s[i] = s[--j];
    s[j] = t;
  }
}
static char *trim(char *s) {
  while (isspace((unsigned char)*s))
    s++;
  char *end = s + strlen(s);
  while (end > s && isspace((unsigned char)end[-1]))
    *--end = '\0';
  return s;
}
static void itoa10(int n, char *s) {
  int i = 0, sign = n < 0;
  do
    s[i++] = (char)('0' + (n < 0 ? -(n % 10) : n % 10));
  while (n /= 10);
  if (sign)
    s[i++] = '-';
  s[i] = 0;
  reverse(s);
}
int main(void) {
  char text[] = "  um dois  tres \n", number[16];
  char *rest = trim(text), *word;
  while ((word = strsep(&rest, " ")) != NULL)
    printf("[%s]", word);
  itoa10(-12045, number);
  printf(" %s\n", number);
  return 0;
}
