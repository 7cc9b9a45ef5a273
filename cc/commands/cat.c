/* cat: files, or the standard input, to the standard output; -n numbers the lines. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int numbers;
static const char *program;

static void numbered(const char *bytes, ssize_t len) {
  static int line, inside;
  for (ssize_t i = 0; i < len; i++) {
    if (!inside)
      printf("%6d\t", ++line);
    inside = bytes[i] != '\n';
    putchar(bytes[i]);
  }
}

static int copy(int fd, const char *name) {
  char buf[131072];
  ssize_t n;
  while ((n = read(fd, buf, sizeof buf)) > 0)
    if (numbers)
      numbered(buf, n);
    else if (write(1, buf, (size_t)n) < 0)
      return 1;
  if (n < 0)
    fprintf(stderr, "%s: %s: %s\n", program, name, strerror(errno));
  return n < 0;
}

int main(int argc, char **argv) {
  int failed = 0, files = 0;
  program = argv[0];
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "-n")) {
      numbers = 1;
      continue;
    }
    files++;
    int fd = strcmp(argv[i], "-") ? open(argv[i], O_RDONLY) : 0;
    if (fd < 0) {
      fprintf(stderr, "%s: %s: %s\n", program, argv[i], strerror(errno));
      failed = 1;
      continue;
    }
    failed |= copy(fd, argv[i]);
    if (fd > 0)
      close(fd);
  }
  return files == 0 ? copy(0, "-") : failed;
}
