/* sigaction with SA_SIGINFO: the handler is given the signal twice.
 * expect:
 * before 0
 * after 10010
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static volatile sig_atomic_t seen;
static void handler(int sig, siginfo_t *info, void *context) {
  (void)context;
  seen = sig * 1000 + info->si_signo;
}
int main(void) {
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_sigaction = handler;
  act.sa_flags = SA_SIGINFO;
  sigemptyset(&act.sa_mask);
  sigaction(SIGUSR1, &act, NULL);
  printf("before %d\n", (int)seen);
  raise(SIGUSR1);
  printf("after %d\n", (int)seen);
  return 0;
}
