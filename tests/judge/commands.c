/* The commands of /bin, as exercises on pipes and shells use them: exec, system(3), popen(3). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void ended(const char *what, int status) {
  printf("%s: %s %d\n", what, WIFEXITED(status) ? "exit" : "signal",
         WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
  fflush(stdout);
}

static void run(char *const argv[]) {
  int status;
  if (fork() == 0) {
    execv(argv[0], argv);
    perror(argv[0]);
    _exit(127);
  }
  wait(&status);
  ended(argv[0], status);
}

/* first | second */
static void piped(char *const first[], char *const second[]) {
  int ends[2], status;
  pipe(ends);
  for (int i = 0; i < 2; i++)
    if (fork() == 0) {
      dup2(ends[!i], !i);
      close(ends[0]);
      close(ends[1]);
      execv(i == 0 ? first[0] : second[0], i == 0 ? first : second);
      _exit(127);
    }
  close(ends[0]);
  close(ends[1]);
  while (wait(&status) > 0)
    ;
  ended("pipe", status);
}

static void read_from(const char *command) {
  char line[100];
  FILE *from = popen(command, "r");
  while (fgets(line, sizeof line, from))
    printf("> %s", line);
  ended(command, pclose(from));
}

int main(void) {
  const char *dir = "commands";
  struct rlimit files = {256, 256};
  setrlimit(RLIMIT_NOFILE, &files);
  setenv("PATH", "/usr/bin:/bin", 1);
  if (mkdir(dir, 0755) < 0 || chdir(dir) < 0)
    return 1;
  FILE *file = fopen("names", "w");
  fputs("maria\njoao\nana\njoao\n", file);
  fclose(file);

  run((char *[]){"/bin/cat", "names", "nothing", NULL});
  run((char *[]){"/bin/wc", "names", "names", NULL});
  run((char *[]){"/bin/echo", "a", "b  c", NULL});
  run((char *[]){"/bin/false", NULL});
  run((char *[]){"/bin/no-such-command", NULL});
  piped((char *[]){"/bin/ls", "-a", NULL}, (char *[]){"/usr/bin/wc", "-l", NULL});
  piped((char *[]){"/bin/cat", "names", NULL}, (char *[]){"/usr/bin/sort", "-r", NULL});

  ended("system", system("exit 3"));
  ended("system", system("sort names | uniq -c; cat names"));
  ended("system", system("false && echo one || echo two; true"));
  ended("system", system("X='a b'; echo \"$X\" $X; echo n* *.none; cat names; wc -l names"));
  ended("system", system("kill -9 $$"));
  ended("system", system("cd / && pwd; head -n 1 nothing"));
  read_from("grep -n joao names");
  read_from("tail -2 names; exit 5");
  FILE *to = popen("tr a-z A-Z", "w");
  fputs("written\n", to);
  ended("popen", pclose(to));
  unlink("names");
  chdir("..");
  return rmdir(dir) < 0;
}
