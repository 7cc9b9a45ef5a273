/* Variadic macros, stringification, pasting, do-while macros, __LINE__.
 * expect:
 * [INFO] plain
 * [WARN] 1 and 2
 * 3 PORT 8080
 * -1 failed at 23
 */
#include <errno.h>
#include <stdio.h>
#define LOG(level, fmt, ...) printf("[" #level "] " fmt "\n", ##__VA_ARGS__)
#define COUNT(...) (sizeof((int[]){ __VA_ARGS__ }) / sizeof(int))
#define FIELD(name) int field_##name
#define CHECK(call) do { if ((call) < 0) printf("%s failed at %d\n", #call, __LINE__); } while (0)
#define STR(x) #x
#define XSTR(x) STR(x)
#define PORT 8080
struct row { FIELD(one); FIELD(two); };
int main(void) {
  struct row row = { 1, 2 };
  LOG(INFO, "plain");
  LOG(WARN, "%d and %d", row.field_one, row.field_two);
  printf("%zu %s %s\n", COUNT(1, 2, 3), STR(PORT), XSTR(PORT));
  CHECK(-1);
  if (row.field_one)
    CHECK(0);
  else
    CHECK(-2);
  return 0;
}
