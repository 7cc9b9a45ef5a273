#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

static volatile sig_atomic_t rang = 0;
static int polite = 0;

static void on_alarm(int sig)
{
    (void)sig;
    rang = 1;
}

static void on_term(int sig)
{
    (void)sig;
    write(STDOUT_FILENO, "child: bye\n", 11);                       /* 6 */
    _exit(0);
}

static void install(int sig, void (*handler)(int))
{
    struct sigaction sa;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = handler;
    sigemptyset(&sa.sa_mask);
    if (sigaction(sig, &sa, NULL) < 0) {                            /* 1 */
        perror("sigaction");
        exit(1);
    }
}

int main(void)
{
    install(SIGALRM, on_alarm);

    pid_t pid = fork();
    if (pid < 0) { perror("fork"); return 1; }
    if (pid == 0) {
        install(SIGTERM, polite ? on_term : SIG_DFL);               /* 2 */
        for (;;) pause();                                           /* 3 */
    }

    alarm(1);
    while (!rang) pause();                                          /* 4 */
    printf("parent: one second, kill(%d, SIGTERM)\n", (int)pid);
    fflush(stdout);
    if (kill(pid, SIGTERM) < 0) { perror("kill"); return 1; }       /* 5 */

    int status;
    if (waitpid(pid, &status, 0) < 0) { perror("waitpid"); return 1; }
    if (WIFSIGNALED(status)) printf("parent: child killed by signal %d\n", WTERMSIG(status));
    if (WIFEXITED(status)) printf("parent: child exited with %d\n", WEXITSTATUS(status));
    return 0;
}
