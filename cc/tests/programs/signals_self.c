/* signal, raise, sigaction, kill to oneself, SIG_IGN, sigprocmask's sets.
 * expect:
 * 1
 * sinal 10
 * sinal 10
 * sinal 12
 * 1 10000000
 * 1 0
 * 3
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
static volatile sig_atomic_t count;
static void handler(int s) { count++; printf("sinal %d\n", s); }
int main(void) {
    struct sigaction sa; memset(&sa, 0, sizeof sa);
    printf("%d\n", signal(SIGUSR1, handler) == SIG_DFL);
    raise(SIGUSR1); kill(getpid(), SIGUSR1);
    sa.sa_handler = handler; sigemptyset(&sa.sa_mask); sa.sa_flags = SA_RESTART;
    sigaction(SIGUSR2, &sa, NULL); raise(SIGUSR2);
    signal(SIGUSR1, SIG_IGN); raise(SIGUSR1);
    struct sigaction old; sigaction(SIGUSR2, NULL, &old); printf("%d %x\n", old.sa_handler == handler, old.sa_flags & SA_RESTART);
    sigset_t s; sigemptyset(&s); sigaddset(&s, SIGINT); printf("%d %d\n", sigismember(&s, SIGINT), sigismember(&s, SIGTERM));
    printf("%d\n", count);
    return 0;
}
