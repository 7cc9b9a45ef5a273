/* signal.h. Handlers are run by the machine between two of the program's instructions. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int __bad_signal(int signum) {
  if (signum > 0 && signum <= 64)
    return 0;
  errno = EINVAL;
  return 1;
}

int sigemptyset(sigset_t *set) {
  memset(set, 0, sizeof *set);
  return 0;
}

int sigfillset(sigset_t *set) {
  memset(set, 0xff, sizeof *set);
  set->__val[0] = ~0x180000000UL; /* the two signals that glibc keeps for itself */
  return 0;
}

int sigaddset(sigset_t *set, int signum) {
  if (__bad_signal(signum))
    return -1;
  set->__val[0] |= 1UL << (signum - 1);
  return 0;
}

int sigdelset(sigset_t *set, int signum) {
  if (__bad_signal(signum))
    return -1;
  set->__val[0] &= ~(1UL << (signum - 1));
  return 0;
}

int sigismember(const sigset_t *set, int signum) {
  if (__bad_signal(signum))
    return -1;
  return (int)(set->__val[0] >> (signum - 1) & 1);
}

int sigisemptyset(const sigset_t *set) { return set->__val[0] == 0; }

int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact) {
  if (__bad_signal(signum) || signum == 32 || signum == 33) {
    errno = EINVAL;
    return -1;
  }
  return __syscall_rt_sigaction(signum, act, oldact);
}

/* Signals for which siginterrupt(3) asked for interrupted calls. */
static unsigned long __interrupting;

__sighandler_t signal(int signum, __sighandler_t handler) {
  struct sigaction act;
  struct sigaction old;
  if (handler == SIG_ERR || __bad_signal(signum)) {
    errno = EINVAL;
    return SIG_ERR;
  }
  memset(&act, 0, sizeof act);
  act.sa_handler = handler;
  act.sa_mask.__val[0] = 1UL << (signum - 1);
  act.sa_flags = __interrupting >> (signum - 1) & 1 ? 0 : SA_RESTART;
  if (__syscall_rt_sigaction(signum, &act, &old) < 0)
    return SIG_ERR;
  return old.sa_handler;
}

int siginterrupt(int sig, int flag) {
  struct sigaction act;
  if (sigaction(sig, NULL, &act) < 0)
    return -1;
  if (flag) {
    __interrupting |= 1UL << (sig - 1);
    act.sa_flags &= ~SA_RESTART;
  } else {
    __interrupting &= ~(1UL << (sig - 1));
    act.sa_flags |= SA_RESTART;
  }
  return sigaction(sig, &act, NULL);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *oldset) { return __syscall_rt_sigprocmask(how, set, oldset); }

int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset) {
  int saved = errno;
  if (__syscall_rt_sigprocmask(how, set, oldset) == 0)
    return 0;
  int error = errno;
  errno = saved;
  return error;
}

int sigsuspend(const sigset_t *mask) { return __syscall_sigsuspend(mask->__val[0]); }
int kill(pid_t pid, int sig) { return __syscall_kill(pid, sig); }
int killpg(pid_t pgrp, int sig) {
  if (pgrp < 0) {
    errno = EINVAL;
    return -1;
  }
  return __syscall_kill(-pgrp, sig);
}

int raise(int sig) {
  int tid = __syscall_gettid();
  return __syscall_tgkill(__syscall_getpid(), tid, sig);
}

int pthread_kill(pthread_t thread, int sig) {
  int saved = errno;
  if (__syscall_tgkill(__syscall_getpid(), (int)thread, sig) == 0)
    return 0;
  int error = errno;
  errno = saved;
  return error;
}

void abort(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGABRT);
  __syscall_rt_sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGABRT);
  signal(SIGABRT, SIG_DFL);
  raise(SIGABRT);
  for (;;)
    _exit(127);
}

void psignal(int sig, const char *s) {
  if (s && *s)
    fprintf(stderr, "%s: %s\n", s, strsignal(sig));
  else
    fprintf(stderr, "%s\n", strsignal(sig));
}

int pause(void) { return (int)__point(__syscall_pause()); }
unsigned int alarm(unsigned int seconds) { return (unsigned int)__syscall_alarm(seconds); }

int setitimer(__itimer_which_t which, const struct itimerval *new_value, struct itimerval *old_value) {
  long long old[4] = { 0, 0, 0, 0 };
  int result = __syscall_setitimer((int)which, new_value->it_value.tv_sec, new_value->it_value.tv_usec * 1000, new_value->it_interval.tv_sec,
                                   new_value->it_interval.tv_usec * 1000, old);
  if (result == 0 && old_value) {
    old_value->it_interval.tv_sec = old[0];
    old_value->it_interval.tv_usec = old[1] / 1000;
    old_value->it_value.tv_sec = old[2];
    old_value->it_value.tv_usec = old[3] / 1000;
  }
  return result;
}

useconds_t ualarm(useconds_t usecs, useconds_t interval) {
  long long old[4] = { 0, 0, 0, 0 };
  __syscall_setitimer(ITIMER_REAL, usecs / 1000000, usecs % 1000000 * 1000L, interval / 1000000, interval % 1000000 * 1000L, old);
  return (useconds_t)(old[2] * 1000000 + old[3] / 1000);
}

void __assert_fail(const char *assertion, const char *file, unsigned int line, const char *function) {
  extern char *program_invocation_short_name;
  fflush(stdout);
  fprintf(stderr, "%s: %s:%u: %s: Assertion `%s' failed.\n", program_invocation_short_name, file, line, function, assertion);
  abort();
}
