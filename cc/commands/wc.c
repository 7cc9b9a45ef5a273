/* wc: lines, words and bytes of files or of the standard input; -l, -w, -c choose. */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct count {
  long lines, words, bytes;
};

static char wanted[4];

/* What GNU's prints: columns as wide as the sizes of the files need, 7 if they are not known. */
static void show(struct count count, int width, const char *name) {
  const char *gap = "";
  const long values[] = {count.lines, count.words, count.bytes};
  for (int i = 0; i < 3; i++)
    if (strchr(wanted, "lwc"[i])) {
      printf("%s%*ld", gap, width, values[i]);
      gap = " ";
    }
  printf("%s%s\n", name ? " " : "", name ? name : "");
}

static int tally(int fd, struct count *count) {
  char buf[16384];
  ssize_t n;
  int inside = 0;
  while ((n = read(fd, buf, sizeof buf)) > 0)
    for (ssize_t i = 0; i < n; i++) {
      count->bytes++;
      count->lines += buf[i] == '\n';
      count->words += !inside && !isspace((unsigned char)buf[i]);
      inside = !isspace((unsigned char)buf[i]);
    }
  return n < 0;
}

static int width_for(char **files, int known) {
  long sum = 0;
  int width = 1;
  struct stat st;
  if (!known)
    return strlen(wanted) == 1 ? 1 : 7;
  if (strlen(wanted) == 1 && !files[1])
    return 1;
  for (; *files; files++)
    if (stat(*files, &st) == 0)
      sum += st.st_size;
  while (sum >= 10) {
    sum /= 10;
    width++;
  }
  return width;
}

int main(int argc, char **argv) {
  struct count total = {0};
  int i = 1, failed = 0;
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
    for (const char *c = argv[i] + 1; *c; c++)
      if (strchr("lwc", *c) && !strchr(wanted, *c))
        wanted[strlen(wanted)] = *c;
  if (!*wanted)
    strcpy(wanted, "lwc");
  int files = argc - i, width = width_for(argv + i, files > 0);
  if (files == 0) {
    failed = tally(0, &total);
    show(total, width, NULL);
  }
  for (; i < argc; i++) {
    struct count count = {0};
    int fd = open(argv[i], O_RDONLY);
    if (fd < 0) {
      fprintf(stderr, "%s: %s: %s\n", argv[0], argv[i], strerror(errno));
      failed = 1;
      continue;
    }
    failed |= tally(fd, &count);
    close(fd);
    show(count, width, argv[i]);
    total.lines += count.lines;
    total.words += count.words;
    total.bytes += count.bytes;
  }
  if (files > 1)
    show(total, width, "total");
  return failed;
}
