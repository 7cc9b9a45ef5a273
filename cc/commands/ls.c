/* ls: the names in directories, sorted; in columns on a terminal. -l, -a, -1. */

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAMES = 1024, SCREEN = 80 };

static int all, longer, single;
static const char *program;

static int in_order(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static char kind(mode_t mode) {
  return S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : S_ISFIFO(mode) ? 'p' : S_ISSOCK(mode) ? 's'
       : S_ISLNK(mode) ? 'l' : '-';
}

static const char *owner(uid_t uid) {
  struct passwd *who = getpwuid(uid);
  static char number[16];
  snprintf(number, sizeof number, "%u", uid);
  return who ? who->pw_name : number;
}

/* What a line of -l has, as texts. */
struct line {
  char mode[11], links[16], user[32], group[32], size[24], when[32], name[512];
};

static void describe(const char *dir, const char *name, struct line *line) {
  char path[2048];
  struct stat st;
  memset(line, 0, sizeof *line);
  snprintf(path, sizeof path, "%s/%s", dir, name);
  if (lstat(path, &st) < 0)
    return;
  line->mode[0] = kind(st.st_mode);
  for (int bit = 0; bit < 9; bit++)
    line->mode[bit + 1] = st.st_mode & (0400u >> bit) ? "rwxrwxrwx"[bit] : '-';
  if (st.st_mode & S_ISVTX)
    line->mode[9] = 't';
  int recent = time(NULL) - st.st_mtime < 31556952 / 2;
  strftime(line->when, sizeof line->when, recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&st.st_mtime));
  snprintf(line->links, sizeof line->links, "%lu", (unsigned long)st.st_nlink);
  snprintf(line->size, sizeof line->size, "%lld", (long long)st.st_size);
  strcpy(line->user, owner(st.st_uid));
  strcpy(line->group, owner(st.st_gid));
  snprintf(line->name, sizeof line->name, "%s", name);
}

static int wider(int width, const char *text) {
  return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static void details(const char *dir, char **names, int count) {
  int links = 0, user = 0, group = 0, size = 0;
  struct line line;
  for (int i = 0; i < count; i++) {
    describe(dir, names[i], &line);
    links = wider(links, line.links);
    user = wider(user, line.user);
    group = wider(group, line.group);
    size = wider(size, line.size);
  }
  for (int i = 0; i < count; i++) {
    describe(dir, names[i], &line);
    printf("%s %*s %-*s %-*s %*s %s %s\n", line.mode, links, line.links, user, line.user, group,
           line.group, size, line.size, line.when, line.name);
  }
}

/* As many columns as the screen holds, filled downwards, two blanks between. */
static void columns(char **names, int count) {
  int widths[SCREEN], rows = 1;
  for (;; rows++) {
    int total = -2;
    for (int column = 0; column * rows < count && column < SCREEN; column++) {
      widths[column] = 0;
      for (int i = column * rows; i < count && i < (column + 1) * rows; i++)
        widths[column] = wider(widths[column], names[i]);
      total += widths[column] + 2;
    }
    if (total <= SCREEN || rows >= count)
      break;
  }
  for (int row = 0; row < rows && row < count; row++) {
    for (int i = row; i < count; i += rows)
      printf("%-*s", i + rows < count ? widths[i / rows] + 2 : 0, names[i]);
    putchar('\n');
  }
}

static void show(const char *dir, char **names, int count) {
  qsort(names, (size_t)count, sizeof *names, in_order);
  if (longer)
    details(dir, names, count);
  else if (!single && isatty(1))
    columns(names, count);
  else
    for (int i = 0; i < count; i++)
      puts(names[i]);
}

static int list(const char *path, int named) {
  char *names[NAMES];
  int count = 0;
  struct stat st;
  if (stat(path, &st) < 0) {
    fprintf(stderr, "%s: cannot access '%s': %s\n", program, path, strerror(errno));
    return 2;
  }
  if (!S_ISDIR(st.st_mode)) {
    names[0] = (char *)path;
    show(".", names, 1);
    return 0;
  }
  DIR *dir = opendir(path);
  if (!dir) {
    fprintf(stderr, "%s: cannot open directory '%s': %s\n", program, path, strerror(errno));
    return 2;
  }
  long blocks = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL && count < NAMES;) {
    char whole[2048];
    if (entry->d_name[0] == '.' && !all)
      continue;
    names[count++] = strdup(entry->d_name);
    snprintf(whole, sizeof whole, "%s/%s", path, entry->d_name);
    if (longer && lstat(whole, &st) == 0)
      blocks += st.st_blocks;
  }
  closedir(dir);
  if (named)
    printf("%s:\n", path);
  if (longer)
    printf("total %ld\n", blocks / 2);
  show(path, names, count);
  return 0;
}

int main(int argc, char **argv) {
  int i = 1, failed = 0;
  program = argv[0];
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
    for (const char *c = argv[i] + 1; *c; c++) {
      all |= *c == 'a';
      longer |= *c == 'l';
      single |= *c == '1';
    }
  if (i == argc)
    return list(".", 0);
  for (int several = argc - i > 1; i < argc; i++)
    failed |= list(argv[i], several);
  return failed;
}
