/* The commands of a few lines each, by the name under which they are called: true, false, sleep,
   date, hostname, whoami, uname, pwd, env, seq, yes, clear, mkdir, rm, touch, kill, tee. */

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static const char *name;

static int failed(const char *doing, const char *what) {
  fprintf(stderr, "%s: %s '%s': %s\n", name, doing, what, strerror(errno));
  return 1;
}

static int succeed(int argc, char **argv) { return 0; }
static int fail(int argc, char **argv) { return 1; }

static int sleeps(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    double s = atof(argv[i]);
    struct timespec rest = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};
    nanosleep(&rest, NULL);
  }
  return 0;
}

static int date(int argc, char **argv) {
  char line[128];
  time_t now = time(NULL);
  const char *format = argc > 1 && argv[1][0] == '+' ? argv[1] + 1 : "%a %b %e %H:%M:%S %Z %Y";
  strftime(line, sizeof line, format, localtime(&now));
  puts(line);
  return 0;
}

static int hostname(int argc, char **argv) {
  char host[65];
  gethostname(host, sizeof host);
  puts(host);
  return 0;
}

static int whoami(int argc, char **argv) {
  struct passwd *who = getpwuid(geteuid());
  puts(who ? who->pw_name : "?");
  return 0;
}

static int system_name(int argc, char **argv) {
  struct utsname it;
  uname(&it);
  const char *flag = argc > 1 ? argv[1] : "-s";
  if (!strcmp(flag, "-a"))
    printf("%s %s %s %s %s GNU/Linux\n", it.sysname, it.nodename, it.release, it.version,
           it.machine);
  else
    puts(flag[1] == 'n' ? it.nodename : flag[1] == 'r' ? it.release : flag[1] == 'm' ? it.machine
         : it.sysname);
  return 0;
}

static int pwd(int argc, char **argv) {
  char here[4096];
  puts(getcwd(here, sizeof here) ? here : "?");
  return 0;
}

static int variables(int argc, char **argv) {
  for (char **at = environ; *at; at++)
    puts(*at);
  return 0;
}

static int numbers(int argc, char **argv) {
  long first = argc > 2 ? atol(argv[1]) : 1, last = argc > 1 ? atol(argv[argc - 1]) : 0;
  long step = argc > 3 ? atol(argv[2]) : 1;
  for (long n = first; step > 0 ? n <= last : step < 0 && n >= last; n += step)
    printf("%ld\n", n);
  return 0;
}

static int yes(int argc, char **argv) {
  while (puts(argc > 1 ? argv[1] : "y") >= 0)
    ;
  return 1;
}

static int clear(int argc, char **argv) {
  fputs("\033[H\033[2J\033[3J", stdout);
  return 0;
}

static int makes_directories(int argc, char **argv) {
  int status = 0;
  for (int i = 1; i < argc; i++)
    if (argv[i][0] != '-' && mkdir(argv[i], 0777) < 0)
      status = failed("cannot create directory", argv[i]);
  return status;
}

static int removes(int argc, char **argv) {
  int status = 0, force = 0;
  for (int i = 1; i < argc; i++)
    if (argv[i][0] == '-')
      force = strchr(argv[i], 'f') != NULL;
    else if (unlink(argv[i]) < 0 && !(force && errno == ENOENT))
      status = failed("cannot remove", argv[i]);
  return status;
}

static int touches(int argc, char **argv) {
  int status = 0;
  for (int i = 1; i < argc; i++) {
    int fd = open(argv[i], O_WRONLY | O_CREAT, 0666);
    if (fd < 0)
      status = failed("cannot touch", argv[i]);
    else
      close(fd);
  }
  return status;
}

static int kills(int argc, char **argv) {
  static const struct {
    const char *name;
    int signal;
  } known[] = {{"HUP", SIGHUP}, {"INT", SIGINT}, {"KILL", SIGKILL}, {"USR1", SIGUSR1},
               {"USR2", SIGUSR2}, {"TERM", SIGTERM}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}};
  int signal = SIGTERM, status = 0, i = 1;
  if (argc > 1 && argv[1][0] == '-') {
    const char *wanted = argv[i++] + 1;
    signal = atoi(wanted);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      if (!strcmp(strncmp(wanted, "SIG", 3) ? wanted : wanted + 3, known[k].name))
        signal = known[k].signal;
  }
  for (; i < argc; i++)
    if (kill(atoi(argv[i]), signal) < 0) {
      fprintf(stderr, "kill: (%s) - %s\n", argv[i], strerror(errno));
      status = 1;
    }
  return status;
}

static int tee(int argc, char **argv) {
  char buf[8192];
  ssize_t n;
  int fds[16], count = 0, append = argc > 1 && !strcmp(argv[1], "-a");
  for (int i = 1 + append; i < argc && count < 16; i++) {
    fds[count] = open(argv[i], O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0666);
    count += fds[count] >= 0;
  }
  while ((n = read(0, buf, sizeof buf)) > 0) {
    write(1, buf, (size_t)n);
    for (int i = 0; i < count; i++)
      write(fds[i], buf, (size_t)n);
  }
  return 0;
}

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
} commands[] = {
    {"true", succeed}, {"false", fail}, {"sleep", sleeps}, {"date", date}, {"hostname", hostname},
    {"whoami", whoami}, {"uname", system_name}, {"pwd", pwd}, {"env", variables},
    {"seq", numbers}, {"yes", yes}, {"clear", clear}, {"mkdir", makes_directories},
    {"rm", removes}, {"touch", touches}, {"kill", kills}, {"tee", tee},
};

int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/'), *base = slash ? slash + 1 : argv[0];
  name = argv[0];
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (!strcmp(base, commands[i].name))
      return commands[i].run(argc, argv);
  return 127;
}
