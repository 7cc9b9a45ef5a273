/* A pipe between parent and child, end of file, dup2.
 * expect:
 * do filho 8
 * recebi: pela saida padrao
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    int fd[2]; char buf[100];
    if (pipe(fd) == -1) { perror("pipe"); return 1; }
    if (fork() == 0) { close(fd[0]); write(fd[1], "do filho", 8); close(fd[1]); _exit(0); }
    close(fd[1]);
    ssize_t n, total = 0;
    while ((n = read(fd[0], buf + total, sizeof buf - total)) > 0) total += n;
    printf("%.*s %zd\n", (int)total, buf, total);
    close(fd[0]); wait(NULL);
    pipe(fd); fflush(stdout);
    if (fork() == 0) { dup2(fd[1], STDOUT_FILENO); close(fd[0]); close(fd[1]); printf("pela saida padrao\n"); return 0; }
    close(fd[1]); FILE *f = fdopen(fd[0], "r");
    while (fgets(buf, sizeof buf, f)) printf("recebi: %s", buf);
    fclose(f); wait(NULL);
    return 0;
}
