/* posix_spawn(3): programs of /bin with their descriptors put in place before they begin.
 * compile only
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int status_of(pid_t pid) {
  int status;
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

int main(void) {
  char *echo[] = {"echo", "from", "a", "child", NULL};
  char *cat[] = {"cat", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t first, second;
  int fds[2];
  short flags;

  setvbuf(stdout, NULL, _IONBF, 0);
  int wrong = posix_spawnp(&first, "echo", NULL, NULL, echo, environ);
  printf("%d %d\n", status_of(first), wrong);

  /* echo | cat */
  pipe(fds);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
  posix_spawn_file_actions_addclose(&actions, fds[0]);
  posix_spawn_file_actions_addclose(&actions, fds[1]);
  posix_spawnp(&first, "echo", &actions, NULL, echo, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(fds[1]);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[0], 0);
  posix_spawn_file_actions_addclose(&actions, fds[0]);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_getflags(&attributes, &flags);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawn(&second, "/bin/cat", &actions, &attributes, cat, environ);
  close(fds[0]);
  int ends = status_of(first) + status_of(second);
  printf("%d %d\n", ends, flags);

  printf("%s\n", strerror(posix_spawnp(&first, "no-such-program", NULL, NULL, echo, environ)));
  printf("%s\n", strerror(posix_spawn(&first, "/no/such", NULL, NULL, echo, environ)));
  return 0;
}
