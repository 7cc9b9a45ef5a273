/* A SIGCHLD handler that reaps, as forking servers do.
 * expect:
 * 1
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int reaped;
static void sigchld_handler(int s) { (void)s; int saved = errno; while (waitpid(-1, NULL, WNOHANG) > 0) reaped++; errno = saved; }
int main(void) {
    struct sigaction sa; sa.sa_handler = sigchld_handler; sigemptyset(&sa.sa_mask); sa.sa_flags = SA_RESTART;
    if (sigaction(SIGCHLD, &sa, NULL) == -1) { perror("sigaction"); return 1; }
    if (fork() == 0) _exit(0);
    while (!reaped) usleep(1000);
    printf("%d\n", reaped);
    return 0;
}
