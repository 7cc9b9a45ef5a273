/* The commands that work on lines of files or of the standard input, by the name under which they
   are called: head, tail (-n N, -N), sort (-r, -n, -u), uniq (-c), grep (-v, -c, -n, -i), tr. */

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name;
static char flags[16];
static long limit = 10;
static char **lines;
static size_t count;

static int has(char flag) { return strchr(flags, flag) != NULL; }

/* Reads all of a stream into `lines`, without their newlines. */
static void gather(FILE *from) {
  char *line = NULL;
  size_t room = 0;
  ssize_t len;
  while ((len = getline(&line, &room, from)) >= 0) {
    if (len > 0 && line[len - 1] == '\n')
      line[len - 1] = '\0';
    lines = realloc(lines, (count + 1) * sizeof *lines);
    lines[count++] = strdup(line);
  }
  free(line);
}

static int gather_all(char **files) {
  int status = 0;
  if (!*files)
    gather(stdin);
  for (; *files; files++) {
    FILE *file = fopen(*files, "r");
    if (!file) {
      int cuts = strstr(name, "head") || strstr(name, "tail");
      fprintf(stderr, cuts ? "%s: cannot open '%s' for reading: %s\n" : "%s: %s: %s\n", name,
              *files, strerror(errno));
      status = 2;
      continue;
    }
    gather(file);
    fclose(file);
  }
  return status;
}

static int head(char **files) {
  int status = gather_all(files);
  for (size_t i = 0; i < count && (long)i < limit; i++)
    puts(lines[i]);
  return status != 0;
}

static int tail(char **files) {
  int status = gather_all(files);
  for (size_t i = count > (size_t)limit ? count - (size_t)limit : 0; i < count; i++)
    puts(lines[i]);
  return status != 0;
}

static int in_order(const void *a, const void *b) {
  const char *one = *(char *const *)a, *other = *(char *const *)b;
  long x = has('n') ? atol(one) : 0, y = has('n') ? atol(other) : 0;
  int order = x != y ? (x > y) - (x < y) : strcmp(one, other);
  return has('r') ? -order : order;
}

static int sort(char **files) {
  int status = gather_all(files);
  qsort(lines, count, sizeof *lines, in_order);
  for (size_t i = 0; i < count; i++)
    if (!has('u') || i == 0 || strcmp(lines[i], lines[i - 1]))
      puts(lines[i]);
  return status;
}

static int uniq(char **files) {
  int status = gather_all(files);
  for (size_t i = 0, next; i < count; i = next) {
    for (next = i + 1; next < count && !strcmp(lines[i], lines[next]); next++)
      ;
    if (has('c'))
      printf("%7zu %s\n", next - i, lines[i]);
    else
      puts(lines[i]);
  }
  return status != 0;
}

static int grep(char **words) {
  regex_t pattern;
  if (!*words || regcomp(&pattern, *words, (has('i') ? REG_ICASE : 0) | REG_NOSUB) != 0) {
    fprintf(stderr, "Usage: grep [OPTION]... PATTERNS [FILE]...\n");
    return 2;
  }
  int several = words[1] && words[2], status = 1, wrong = 0;
  for (char **file = words + 1; file == words + 1 || *file; file++) {
    char *one[] = {*file, NULL};
    size_t found = 0;
    count = 0;
    wrong |= gather_all(one);
    for (size_t i = 0; i < count; i++) {
      if ((regexec(&pattern, lines[i], 0, NULL, 0) == 0) == has('v'))
        continue;
      found++;
      if (has('c'))
        continue;
      if (several)
        printf("%s:", *file);
      if (has('n'))
        printf("%zu:", i + 1);
      puts(lines[i]);
    }
    if (has('c'))
      printf("%s%s%zu\n", several ? *file : "", several ? ":" : "", found);
    if (found)
      status = 0;
    if (!*file)
      break;
  }
  return wrong ? 2 : status;
}

/* `a-z` and `\n` written out. */
static size_t set(const char *text, unsigned char *out) {
  size_t len = 0;
  for (; *text && len < 255; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '\\' && text[1])
      c = *++text == 'n' ? '\n' : *text == 't' ? '\t' : (unsigned char)*text;
    if (text[1] == '-' && text[2]) {
      for (unsigned int to = (unsigned char)text[2]; c <= to && len < 255; c++)
        out[len++] = c;
      text += 2;
    } else {
      out[len++] = c;
    }
  }
  return len;
}

static int tr(char **sets) {
  unsigned char from[256], to[256];
  if (!sets[0] || (!sets[1] && !has('d'))) {
    fprintf(stderr, "tr: missing operand\n");
    return 1;
  }
  size_t many = set(sets[0], from), others = sets[1] ? set(sets[1], to) : 0;
  for (int c; (c = getchar()) != EOF;) {
    unsigned char *found = memchr(from, c, many);
    size_t at = found ? (size_t)(found - from) : 0;
    if (!found)
      putchar(c);
    else if (!has('d') && others > 0)
      putchar(to[at < others ? at : others - 1]);
  }
  return 0;
}

static const struct {
  const char *name;
  int (*run)(char **words);
} commands[] = {{"head", head}, {"tail", tail}, {"sort", sort},
                {"uniq", uniq}, {"grep", grep}, {"tr", tr}};

int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/'), *base = slash ? slash + 1 : argv[0];
  name = argv[0];
  int i = 1, cuts = !strcmp(base, "head") || !strcmp(base, "tail");
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
    if (cuts && !strcmp(argv[i], "-n") && i + 1 < argc)
      limit = atol(argv[++i]);
    else if (cuts)
      limit = atol(argv[i] + (argv[i][1] == 'n' ? 2 : 1));
    else
      strncat(flags, argv[i] + 1, sizeof flags - strlen(flags) - 1);
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (!strcmp(base, commands[k].name))
      return commands[k].run(argv + i);
  return 127;
}
