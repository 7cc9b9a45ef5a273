/* fork, _exit, wait's status word.
 * expect:
 * 1 1 1 1
 * 1 1 2 1
 * 1 1 3 1
 * 1 6
 * -1
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    int x = 1;
    for (int i = 0; i < 3; i++) {
        fflush(stdout);
        pid_t p = fork();
        if (p == 0) { x += 10; _exit(i + 1); }
        int st; pid_t w = waitpid(p, &st, 0);
        printf("%d %d %d %d\n", w == p, WIFEXITED(st), WEXITSTATUS(st), x);
    }
    fflush(stdout);
    pid_t p = fork();
    if (p == 0) abort();
    int st; wait(&st); printf("%d %d\n", WIFSIGNALED(st), WTERMSIG(st));
    printf("%d\n", wait(NULL));
    perror("wait");
    return 0;
}
