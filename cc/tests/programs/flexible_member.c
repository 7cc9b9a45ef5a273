/* A flexible array member, offsetof, and a list of variable-length records.
 * expect:
 * 2 um 2
 * 4 dois 2
 * 4 tres 2
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct record {
  unsigned short len;
  char text[];
};
int main(void) {
  const char *words[] = { "um", "dois", "tres" };
  for (int i = 0; i < 3; i++) {
    size_t len = strlen(words[i]);
    struct record *r = malloc(offsetof(struct record, text) + len + 1);
    r->len = (unsigned short)len;
    memcpy(r->text, words[i], len + 1);
    printf("%u %s %zu\n", r->len, r->text, sizeof *r);
    free(r);
  }
  return 0;
}
