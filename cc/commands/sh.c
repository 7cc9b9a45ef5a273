/* sh: the part of dash(1) that system(3), popen(3) and students' own shells ask for: lists
   (; && || &), pipelines, redirections, quotes, variables, patterns.
   Missing: if, loops, functions, ( ), ` `, here documents, jobs. */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 128, COMMANDS = 16, REDIRECTIONS = 8 };

/* One `fd < file`, or `fd >& other`. */
struct redirection {
  int fd;
  int flags;
  int other;
  char *file;
};

struct command {
  char *argv[WORDS + 1];
  int argc;
  struct redirection redirections[REDIRECTIONS];
  int count;
};

static const char *at; /* what is still to be read */
static int status;     /* $? */
static int dry;        /* reads without running: the other side of && and || */

static void wrong(const char *what) {
  fflush(stdout);
  dprintf(2, "sh: 1: Syntax error: %s\n", what);
  exit(2);
}

static void blanks(void) {
  at += strspn(at, " \t");
  if (*at == '#')
    at += strcspn(at, "\n");
}

/* ---- words */

/* A word as it grows. */
struct word {
  char text[1024];
  size_t len;
  int quoted, pattern;
};

static void put(struct word *word, char c) {
  if (word->len + 1 >= sizeof word->text)
    wrong("word too long");
  word->text[word->len++] = c;
}

static void put_text(struct word *word, const char *text) {
  while (text && *text)
    put(word, *text++);
}

/* $name, ${name}, $?, $$ */
static void variable(struct word *word) {
  char name[64];
  size_t len = 0;
  int braces = *at == '{';
  at += braces;
  if (*at == '?' || *at == '$') {
    snprintf(name, sizeof name, "%d", *at++ == '?' ? status : getpid());
    put_text(word, name);
  } else {
    while ((*at == '_' || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
            (*at >= '0' && *at <= '9')) && len + 1 < sizeof name)
      name[len++] = *at++;
    name[len] = '\0';
    put_text(word, len ? getenv(name) : "$");
  }
  if (braces && *at++ != '}')
    wrong("Missing '}'");
}

static void quoted(struct word *word, char quote) {
  word->quoted = 1;
  for (; *at != quote; ) {
    if (!*at)
      wrong("Unterminated quoted string");
    if (quote == '"' && *at == '\\' && at[1] && strchr("\\\"$`", at[1]))
      at++;
    else if (quote == '"' && *at == '$') {
      at++;
      variable(word);
      continue;
    }
    put(word, *at++);
  }
  at++;
}

/* The next word into `word`; 0 if something else comes. */
static int read_word(struct word *word) {
  memset(word, 0, sizeof *word);
  blanks();
  while (*at && !strchr(" \t\n;&|<>", *at)) {
    char c = *at++;
    if (c == '\'' || c == '"')
      quoted(word, c);
    else if (c == '$')
      variable(word);
    else if (c == '\\' && *at)
      put(word, *at++);
    else if (strchr("()`", c))
      wrong("this shell has no subshells");
    else {
      word->pattern |= strchr("*?[", c) != NULL;
      put(word, c);
    }
  }
  return word->len > 0 || word->quoted;
}

static void add_word(struct command *command, const struct word *word) {
  glob_t found;
  if (word->pattern && glob(word->text, 0, NULL, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc && command->argc < WORDS; i++)
      command->argv[command->argc++] = strdup(found.gl_pathv[i]);
    globfree(&found);
  } else if (command->argc < WORDS) {
    command->argv[command->argc++] = strdup(word->text);
  }
}

/* ---- commands */

/* `[n]<file`, `[n]>file`, `[n]>>file`, `[n]>&m`; 0 if none comes. */
static int read_redirection(struct command *command) {
  blanks();
  const char *start = at;
  int digit = *at >= '0' && *at <= '9' ? *at++ - '0' : -1;
  if ((*at != '<' && *at != '>') || command->count == REDIRECTIONS) {
    at = start;
    return 0;
  }
  struct redirection *to = &command->redirections[command->count++];
  int out = *at++ == '>';
  to->fd = digit < 0 ? out : digit;
  to->flags = out ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
  to->other = -1;
  if (out && *at == '>') {
    at++;
    to->flags = O_WRONLY | O_CREAT | O_APPEND;
  }
  struct word word;
  int copies = *at == '&';
  at += copies;
  if (!read_word(&word))
    wrong("redirection unexpected");
  if (copies)
    to->other = atoi(word.text);
  else
    to->file = strdup(word.text);
  return 1;
}

static void read_command(struct command *command) {
  struct word word;
  memset(command, 0, sizeof *command);
  while (read_redirection(command) || read_word(&word))
    if (word.len > 0 || word.quoted) {
      add_word(command, &word);
      word.len = word.quoted = 0;
    }
}

static int redirect(const struct command *command) {
  for (const struct redirection *to = command->redirections;
       to < command->redirections + command->count; to++) {
    int fd = to->file ? open(to->file, to->flags, 0666) : to->other;
    if (fd < 0) {
      const char *verb = to->flags == O_RDONLY ? "open" : "create";
      const char *why = errno == ENOENT ? "No such file" : strerror(errno);
      dprintf(2, "sh: 1: cannot %s %s: %s\n", verb, to->file, why);
      return 2;
    }
    dup2(fd, to->fd);
    if (to->file)
      close(fd);
  }
  return 0;
}

/* echo with dash's escapes, in one write. */
static int echo(char **argv) {
  int newline = 1;
  if (*argv && !strcmp(*argv, "-n")) {
    newline = 0;
    argv++;
  }
  for (; *argv; argv++) {
    for (const char *c = *argv; *c; c++)
      if (*c == '\\' && c[1] && strchr("nt\\", c[1]))
        putchar(*++c == 'n' ? '\n' : *c == 't' ? '\t' : '\\');
      else
        putchar(*c);
    if (argv[1])
      putchar(' ');
  }
  if (newline)
    putchar('\n');
  fflush(stdout);
  return 0;
}

static int change_directory(const char *to) {
  if (!to)
    to = getenv("HOME");
  if (to && chdir(to) == 0)
    return 0;
  dprintf(2, "sh: 1: cd: can't cd to %s\n", to ? to : "");
  return 2;
}

/* What the shell does itself; -1 if it is no such command. */
static int builtin(struct command *command) {
  char **argv = command->argv;
  char here[1024];
  if (strchr(argv[0], '=') && argv[0][0] != '=' && !argv[1])
    return putenv(argv[0]) != 0;
  if (!strcmp(argv[0], "export"))
    return argv[1] && strchr(argv[1], '=') ? putenv(argv[1]) != 0 : 0;
  if (!strcmp(argv[0], "exit"))
    exit(argv[1] ? atoi(argv[1]) & 255 : status);
  if (!strcmp(argv[0], "cd"))
    return change_directory(argv[1]);
  if (!strcmp(argv[0], ":") || !strcmp(argv[0], "true"))
    return 0;
  if (!strcmp(argv[0], "false"))
    return 1;
  if (!strcmp(argv[0], "echo"))
    return echo(argv + 1);
  if (!strcmp(argv[0], "pwd"))
    return printf("%s\n", getcwd(here, sizeof here)) < 0 || fflush(stdout) != 0;
  if (!strcmp(argv[0], "wait")) {
    while (wait(NULL) > 0)
      ;
    return 0;
  }
  if (!strcmp(argv[0], "exec") && argv[1]) {
    execvp(argv[1], argv + 1);
    dprintf(2, "sh: 1: exec: %s: not found\n", argv[1]);
    exit(127);
  }
  return -1;
}

/* Becomes the command. */
static void become(struct command *command) {
  int failed = redirect(command);
  if (failed)
    exit(failed);
  if (!command->argv[0])
    exit(0);
  int done = builtin(command);
  if (done >= 0)
    exit(done);
  execvp(command->argv[0], command->argv);
  if (errno == EACCES) {
    dprintf(2, "sh: 1: %s: Permission denied\n", command->argv[0]);
    exit(126);
  }
  dprintf(2, "sh: 1: %s: not found\n", command->argv[0]);
  exit(127);
}

static int ended(int word) { return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word); }

/* A builtin alone runs in the shell itself, with its redirections undone after it. */
static int alone(struct command *command) {
  int kept[3] = {-1, -1, -1};
  if (command->count > 0)
    for (int fd = 0; fd < 3; fd++)
      kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  int done = redirect(command);
  if (done == 0)
    done = command->argv[0] ? builtin(command) : 0;
  for (int fd = 0; fd < 3; fd++)
    if (kept[fd] >= 0) {
      dup2(kept[fd], fd);
      close(kept[fd]);
    }
  return done;
}

/* Runs a pipeline's commands side by side; the last one's end is the pipeline's. */
static void run_pipeline(struct command *commands, int count, int last_of_all, int background) {
  pid_t pids[COMMANDS];
  int before = -1;
  if (count == 1 && !background) {
    int done = alone(&commands[0]);
    if (done >= 0) {
      status = done;
      return;
    }
    if (last_of_all)
      become(&commands[0]);
  }
  for (int i = 0; i < count; i++) {
    int ends[2] = {-1, -1};
    if (i + 1 < count && pipe(ends) < 0)
      exit(2);
    pids[i] = fork();
    if (pids[i] == 0) {
      if (before >= 0) {
        dup2(before, 0);
        close(before);
      }
      if (ends[1] >= 0) {
        close(ends[0]);
        dup2(ends[1], 1);
        close(ends[1]);
      }
      become(&commands[i]);
    }
    if (before >= 0)
      close(before);
    if (ends[1] >= 0)
      close(ends[1]);
    before = ends[0];
  }
  for (int i = 0; i < count && !background; i++) {
    int word;
    if (waitpid(pids[i], &word, 0) > 0)
      status = ended(word);
  }
  if (background)
    status = 0;
}

/* command | command ... */
static void pipeline(void) {
  static struct command commands[COMMANDS];
  int count = 0;
  for (;;) {
    read_command(&commands[count]);
    int empty = commands[count].argc == 0 && commands[count].count == 0;
    blanks();
    int more = *at == '|' && at[1] != '|';
    if (empty && (more || count > 0))
      wrong(more ? "\"|\" unexpected" : "end of file unexpected");
    count += !empty;
    if (!more || count == COMMANDS)
      break;
    at++;
  }
  if (count == 0 || dry)
    return;
  int background = *at == '&' && at[1] != '&';
  const char *rest = at + strspn(at, " \t\n;");
  run_pipeline(commands, count, *rest == '\0', background);
}

static void and_or(void) {
  pipeline();
  for (blanks(); (*at == '&' || *at == '|') && at[1] == *at; blanks()) {
    int and = *at == '&';
    int skipped = dry;
    at += 2;
    dry = dry || (and ? status != 0 : status == 0);
    pipeline();
    dry = skipped;
  }
}

static void run(const char *text) {
  at = text;
  while (*at) {
    and_or();
    blanks();
    if (*at && !strchr(";&\n", *at))
      wrong("word unexpected");
    at += *at != '\0';
  }
}

int main(int argc, char **argv) {
  char line[4096];
  if (argc > 2 && !strcmp(argv[1], "-c")) {
    run(argv[argc > 3 && !strcmp(argv[2], "--") ? 3 : 2]);
    return status;
  }
  while (fgets(line, sizeof line, stdin))
    run(line);
  return status;
}
