/* Tables of function pointers: commands, operators, comparison functions.
 * expect:
 * hello world
 * 2
 * 9 3 1
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef int (*command)(int argc, char *argv[]);
static int hello(int argc, char *argv[]) { return printf("hello %s\n", argc > 1 ? argv[1] : "?"); }
static int count(int argc, char *argv[]) { (void)argv; return printf("%d\n", argc); }
static const struct { const char *name; command run; } commands[] = { { "hello", hello }, { "count", count }, { NULL, NULL } };
static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
static int (*choose(int up))(const void *, const void *) { return up ? NULL : descending; }
int main(void) {
  char *words[] = { "hello", "world" };
  for (int i = 0; commands[i].name; i++)
    commands[i].run(2, words);
  int numbers[] = { 3, 9, 1 };
  qsort(numbers, 3, sizeof numbers[0], choose(0));
  printf("%d %d %d\n", numbers[0], numbers[1], numbers[2]);
  return 0;
}
