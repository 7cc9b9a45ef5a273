/* popen(3) and system(3), as far as commands are known here.
 * expect:
 * [um dois
 * ] 0
 * 7
 * 0
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
int main(void) {
  char line[100];
  FILE *command = popen("echo um dois", "r");
  while (fgets(line, sizeof line, command))
    printf("[%s", line);
  printf("] %d\n", pclose(command));
  int status = system("exit 7");
  printf("%d\n", WEXITSTATUS(status));
  printf("%d\n", system("true"));
  return 0;
}
