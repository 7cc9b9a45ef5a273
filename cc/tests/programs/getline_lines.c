/* getline(3) on stdin, strtok_r, strtol with its end.
 * stdin: 1, 2, 0x10\nx 010 99999999999999999999\n\n
 * expect:
 * 11 19
 * (x)(99999999999999999999)27 8
 * 1 0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  char *line = NULL;
  size_t room = 0;
  ssize_t len;
  while ((len = getline(&line, &room, stdin)) > 0) {
    line[strcspn(line, "\n")] = 0;
    char *save, *end;
    long total = 0;
    for (char *word = strtok_r(line, ", ", &save); word; word = strtok_r(NULL, ", ", &save)) {
      errno = 0;
      long n = strtol(word, &end, 0);
      if (*end || errno)
        printf("(%s)", word);
      else
        total += n;
    }
    printf("%zd %ld\n", len, total);
  }
  free(line);
  return 0;
}
