/* time.h's timers, mqueue.h's notices, sys/sem.h's limits of time; who a process is (unistd.h),
   its nice value (sys/resource.h), its host's name. */

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

static int __refuse_thread(const struct sigevent *event) {
  if (event && event->sigev_notify == SIGEV_THREAD)
    __libc_unsupported("SIGEV_THREAD");
  return 0;
}

int timer_create(clockid_t clockid, struct sigevent *sevp, timer_t *timerid) {
  int id;
  __refuse_thread(sevp);
  if (__syscall_timer_create(clockid, sevp, &id) < 0)
    return -1;
  *timerid = (timer_t)(long)id;
  return 0;
}

int timer_settime(timer_t timerid, int flags, const struct itimerspec *new_value, struct itimerspec *old_value) {
  return __syscall_timer_settime((int)(long)timerid, flags, new_value, old_value);
}

int timer_gettime(timer_t timerid, struct itimerspec *curr_value) { return __syscall_timer_gettime((int)(long)timerid, curr_value); }
int timer_getoverrun(timer_t timerid) { return __syscall_timer_getoverrun((int)(long)timerid); }
int timer_delete(timer_t timerid) { return __syscall_timer_delete((int)(long)timerid); }

int sigaltstack(const stack_t *ss, stack_t *old_ss) { return __syscall_sigaltstack(ss, old_ss); }

int mq_notify(mqd_t mqdes, const struct sigevent *sevp) {
  __refuse_thread(sevp);
  return __syscall_mq_notify(mqdes, sevp);
}

int mq_timedsend(mqd_t mqdes, const char *msg_ptr, size_t msg_len, unsigned int msg_prio, const struct timespec *abs_timeout) {
  return __syscall_mq_send(mqdes, msg_ptr, msg_len, msg_prio, abs_timeout);
}

ssize_t mq_timedreceive(mqd_t mqdes, char *msg_ptr, size_t msg_len, unsigned int *msg_prio, const struct timespec *abs_timeout) {
  return __syscall_mq_receive(mqdes, msg_ptr, msg_len, msg_prio, abs_timeout);
}

int semtimedop(int semid, struct sembuf *sops, size_t nsops, const struct timespec *timeout) {
  return __syscall_semop(semid, sops, nsops, timeout);
}

/* ---- pipes and files */

long splice(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned int flags) {
  return __syscall_splice(fd_in, off_in, fd_out, off_out, len, flags);
}

long tee(int fd_in, int fd_out, size_t len, unsigned int flags) { return __syscall_tee(fd_in, fd_out, len, flags); }

/* ---- who a process is */

int setreuid(uid_t ruid, uid_t euid) { return __syscall_setreuid((int)ruid, (int)euid); }
int setregid(gid_t rgid, gid_t egid) { return __syscall_setregid((int)rgid, (int)egid); }
int setresuid(uid_t ruid, uid_t euid, uid_t suid) { return __syscall_setresuid((int)ruid, (int)euid, (int)suid); }
int setresgid(gid_t rgid, gid_t egid, gid_t sgid) { return __syscall_setresgid((int)rgid, (int)egid, (int)sgid); }
int setegid(gid_t gid) { return __syscall_setresgid(-1, (int)gid, -1); }

static int __three(int result, const unsigned long long words[3], unsigned int *real, unsigned int *effective, unsigned int *saved) {
  if (result < 0)
    return -1;
  *real = (unsigned int)words[0];
  *effective = (unsigned int)words[1];
  *saved = (unsigned int)words[2];
  return 0;
}

int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid) {
  unsigned long long words[3];
  return __three(__syscall_getresuid(words), words, ruid, euid, suid);
}

int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid) {
  unsigned long long words[3];
  return __three(__syscall_getresgid(words), words, rgid, egid, sgid);
}

int getpriority(__priority_which_t which, id_t who) {
  int result = __syscall_getpriority((int)which, (int)who);
  return result < 0 ? -1 : 20 - result;
}

int setpriority(__priority_which_t which, id_t who, int prio) { return __syscall_setpriority((int)which, (int)who, prio); }

int nice(int inc) {
  int saved = errno;
  errno = 0;
  int prio = getpriority(PRIO_PROCESS, 0);
  if (prio == -1 && errno)
    return -1;
  if (__syscall_setpriority(PRIO_PROCESS, 0, prio + inc) < 0) {
    if (errno == EACCES)
      errno = EPERM;
    return -1;
  }
  errno = saved;
  return getpriority(PRIO_PROCESS, 0);
}

int sethostname(const char *name, size_t len) { return __syscall_sethostname(name, len); }
