/* The environment.
 * expect:
 * /root (nada)
 * 1
 * 3
 * 1
 * y
 * 4
 */
#include <stdio.h>
#include <stdlib.h>
extern char **environ;
int main(void) {
    printf("%s %s\n", getenv("HOME"), getenv("NADA") ? "?" : "(nada)");
    setenv("LAB", "1", 1); setenv("LAB", "2", 0); printf("%s\n", getenv("LAB"));
    setenv("LAB", "3", 1); printf("%s\n", getenv("LAB"));
    unsetenv("LAB"); printf("%d\n", getenv("LAB") == NULL);
    putenv("X=y"); printf("%s\n", getenv("X"));
    int n = 0; while (environ[n]) n++; printf("%d\n", n);
    return 0;
}
