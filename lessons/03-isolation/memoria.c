#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

int x = 1;

int main(void)
{
    printf("pid %d: x = %d at %p\n", (int)getpid(), x, (void *)&x);
    fflush(stdout);                                                 /* 1 */

    pid_t pid = fork();                                             /* 2 */
    if (pid < 0) { perror("fork"); return 1; }

    if (pid == 0) {
        x = 42;                                                     /* 3 */
        printf("child %d: x = %d at %p\n", (int)getpid(), x, (void *)&x);
        fflush(stdout);
        exit(0);                                                    /* 4 */
    }

    int status;
    if (waitpid(pid, &status, 0) < 0) { perror("waitpid"); return 1; }
    printf("parent %d: x = %d at %p\n", (int)getpid(), x, (void *)&x);  /* 5 */
    return 0;
}
