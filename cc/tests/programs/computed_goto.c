/* Labels as values (GNU): a threaded interpreter, and jumps by offset.
 * exit: 0
 * expect:
 * 21
 * 41
 * 61
 * = 61
 * abc
 * bc
 * c
 * end
 */
#include <stdio.h>

enum { PUSH, ADD, PRINT, LOOP, HALT };

static int run(const int *code) {
  static void *table[] = { &&push, &&add, &&print, &&loop, &&halt };
  int stack[8], top = 0, pc = 0, rounds = 0;
#define NEXT goto *table[code[pc++]]
  NEXT;
push:
  stack[top++] = code[pc++];
  NEXT;
add:
  top--;
  stack[top - 1] += stack[top];
  NEXT;
print:
  printf("%d\n", stack[top - 1]);
  NEXT;
loop:
  if (++rounds < 3)
    pc = 2;
  NEXT;
halt:
  return stack[0];
}

static void offsets(int n) {
  static const int at[] = { &&a - &&a, &&b - &&a, &&c - &&a };
  void *where = &&a + at[n];
  if (!where)
    return;
  goto *where;
a:
  printf("a");
b:
  printf("b");
c:
  printf("c\n");
}

int main(void) {
  const int code[] = { PUSH, 1, PUSH, 20, ADD, PRINT, LOOP, HALT };
  printf("= %d\n", run(code));
  for (int i = 0; i < 3; i++)
    offsets(i);
  void *p = &&end;
  {
    int inside = 3;
    if (inside > 2)
      goto *p;
  }
  printf("not here\n");
end:
  printf("end\n");
}
