/* Two children joined by a pipe, dup2, exit statuses.
 * expect:
 * 3 3
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int ends[2], status;
  if (pipe(ends) < 0)
    return 1;
  pid_t writer = fork();
  if (writer == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    printf("um\ndois\ntres\n");
    exit(3);
  }
  pid_t reader = fork();
  if (reader == 0) {
    char line[20];
    int n = 0;
    dup2(ends[0], 0);
    close(ends[0]);
    close(ends[1]);
    while (fgets(line, sizeof line, stdin))
      n++;
    exit(n);
  }
  close(ends[0]);
  close(ends[1]);
  waitpid(writer, &status, 0);
  printf("%d ", WEXITSTATUS(status));
  waitpid(reader, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
  return 0;
}
