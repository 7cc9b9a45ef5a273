#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

int main(void)
{
    int p[2];
    if (pipe(p) < 0) { perror("pipe"); return 1; }                  /* 1 */

    pid_t pid = fork();                                             /* 2 */
    if (pid < 0) { perror("fork"); return 1; }

    if (pid == 0) {
        if (dup2(p[0], STDIN_FILENO) < 0) { perror("dup2"); exit(1); }  /* 3 */
        close(p[0]);
        close(p[1]);                                                /* 4 */
        char line[100];
        int count = 0;
        while (fgets(line, sizeof line, stdin) != NULL) {           /* 5 */
            count++;
            printf("child: %s", line);
        }
        printf("child: %d lines\n", count);
        exit(0);
    }

    close(p[0]);
    if (write(p[1], "um\ndois\ntres\n", 13) < 0) perror("write");   /* 6 */
    close(p[1]);                                                    /* 7 */

    int status;
    if (waitpid(pid, &status, 0) < 0) { perror("waitpid"); return 1; }  /* 8 */
    printf("parent: child ended\n");
    return 0;
}
