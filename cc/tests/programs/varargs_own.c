/* Functions with variable arguments of one's own, va_copy, vsnprintf.
 * expect:
 * 606
 * 11:x=42 z 2.50
 * 39:1 a text that is too long for i
 */
#include <stdarg.h>
#include <stdio.h>
static int sum(int count, ...) {
  va_list ap, again;
  int total = 0;
  va_start(ap, count);
  va_copy(again, ap);
  for (int i = 0; i < count; i++)
    total += va_arg(ap, int);
  for (int i = 0; i < count; i++)
    total += 100 * va_arg(again, int);
  va_end(again);
  va_end(ap);
  return total;
}
static void report(const char *fmt, ...) {
  char text[32];
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  printf("%d:%s\n", n, text);
}
int main(void) {
  printf("%d\n", sum(3, 1, 2, 3));
  report("%s=%d %c %.2f", "x", 42, 'z', 2.5);
  report("%d %s", 1, "a text that is too long for its place");
  return 0;
}
