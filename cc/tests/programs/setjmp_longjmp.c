/* setjmp: out of nested calls, values, variables changed in between keep their values.
 * expect:
 * first 0
 * back with 7, tries 1
 * back with 1, tries 2
 * nested 42
 */
#include <setjmp.h>
#include <stdio.h>
static jmp_buf top;
static void deep(int n, int value) {
  char room[64];
  room[0] = (char)n;
  if (n == 0)
    longjmp(top, value);
  deep(n - 1, value);
  room[1] = room[0];
}
static int guarded(void) {
  jmp_buf here;
  switch (setjmp(here)) {
  case 0: longjmp(here, 42);
  case 42: return 42;
  default: return -1;
  }
}
int main(void) {
  volatile int tries = 0;
  int value = setjmp(top);
  if (value == 0)
    printf("first %d\n", value);
  else
    printf("back with %d, tries %d\n", value, tries);
  tries++;
  if (tries == 1)
    deep(5, 7);
  if (tries == 2)
    deep(2, 0);
  printf("nested %d\n", guarded());
  return 0;
}
