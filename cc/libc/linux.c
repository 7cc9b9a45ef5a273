/* sys/eventfd.h, sys/timerfd.h, sys/signalfd.h, sys/msg.h, sys/file.h, sys/prctl.h, sys/times.h,
   dirent.h, and what of unistd.h, signal.h and sys/socket.h only Linux's (and a Unix's) kernel has.
   Which system call each function makes is what strace shows of glibc 2.36. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- events as descriptors */

int eventfd(unsigned int initval, int flags) { return __syscall_eventfd2(initval, flags); }

int eventfd_read(int fd, eventfd_t *value) { return __syscall_read(fd, value, sizeof *value) == sizeof *value ? 0 : -1; }

int eventfd_write(int fd, eventfd_t value) { return __syscall_write(fd, &value, sizeof value) == sizeof value ? 0 : -1; }

int timerfd_create(int clockid, int flags) { return __syscall_timerfd_create(clockid, flags); }

int timerfd_settime(int fd, int flags, const struct itimerspec *new_value, struct itimerspec *old_value) {
  return __syscall_timerfd_settime(fd, flags, new_value, old_value);
}

int timerfd_gettime(int fd, struct itimerspec *curr_value) { return __syscall_timerfd_gettime(fd, curr_value); }
int signalfd(int fd, const sigset_t *mask, int flags) { return __syscall_signalfd4(fd, mask, flags); }

/* ---- readiness with a signal mask */

int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask) {
  return __syscall_ppoll(fds, nfds, tmo_p, sigmask);
}

int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timespec *timeout, const sigset_t *sigmask) {
  struct timespec left;
  if (timeout)
    left = *timeout;
  return __syscall_pselect6(nfds, readfds, writefds, exceptfds, timeout ? &left : NULL, sigmask);
}

int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask) {
  return __syscall_epoll_pwait(epfd, events, maxevents, timeout, sigmask);
}

/* ---- several messages */

int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags) { return __syscall_sendmmsg(sockfd, msgvec, vlen, flags); }

int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout) {
  return __syscall_recvmmsg(sockfd, msgvec, vlen, flags, timeout);
}

/* ---- files */

int flock(int fd, int operation) { return __syscall_flock(fd, operation); }

ssize_t pread(int fd, void *buf, size_t count, off_t offset) { return __syscall_pread64(fd, buf, count, offset); }
ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset) { return __syscall_pwrite64(fd, buf, count, offset); }
ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count) { return __syscall_sendfile(out_fd, in_fd, offset, count); }
int truncate(const char *path, off_t length) { return __syscall_truncate(path, length); }
int rename(const char *oldpath, const char *newpath) { return __syscall_rename(oldpath, newpath); }
int rmdir(const char *pathname) { return __syscall_rmdir(pathname); }
int chdir(const char *path) { return __syscall_chdir(path); }
mode_t umask(mode_t mask) { return (mode_t)__syscall_umask(mask); }
int fsync(int fd) { return __syscall_fsync(fd); }
int fdatasync(int fd) { return __syscall_fdatasync(fd); }

int remove(const char *pathname) {
  if (__syscall_unlink(pathname) == 0)
    return 0;
  return errno == EISDIR ? __syscall_rmdir(pathname) : -1;
}

char *getcwd(char *buf, size_t size) {
  char *room = buf;
  if (!buf) {
    if (size == 0)
      size = 4096;
    room = malloc(size);
    if (!room)
      return NULL;
  } else if (size == 0) {
    errno = EINVAL;
    return NULL;
  }
  if (__syscall_getcwd(room, size) < 0) {
    if (!buf)
      free(room);
    return NULL;
  }
  return room;
}

struct __dirstream {
  int fd;
  long length;
  long at;
  struct dirent entry;
  char buffer[32768];
};

DIR *fdopendir(int fd) {
  struct stat st;
  if (__syscall_fstat(fd, &st) < 0)
    return NULL;
  if (!S_ISDIR(st.st_mode)) {
    errno = ENOTDIR;
    return NULL;
  }
  DIR *dir = malloc(sizeof *dir);
  if (!dir)
    return NULL;
  dir->fd = fd;
  dir->length = 0;
  dir->at = 0;
  return dir;
}

DIR *opendir(const char *name) {
  int fd = __syscall_openat(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_DIRECTORY, 0);
  if (fd < 0)
    return NULL;
  DIR *dir = fdopendir(fd);
  if (!dir)
    __syscall_close(fd);
  return dir;
}

struct dirent *readdir(DIR *dirp) {
  if (dirp->at >= dirp->length) {
    dirp->length = __syscall_getdents64(dirp->fd, dirp->buffer, sizeof dirp->buffer);
    dirp->at = 0;
    if (dirp->length <= 0) {
      dirp->length = 0;
      return NULL;
    }
  }
  const char *from = dirp->buffer + dirp->at;
  __libc_memcpy(&dirp->entry.d_ino, from, 8);
  __libc_memcpy(&dirp->entry.d_off, from + 8, 8);
  __libc_memcpy(&dirp->entry.d_reclen, from + 16, 2);
  dirp->entry.d_type = (unsigned char)from[18];
  __libc_strncpy(dirp->entry.d_name, from + 19, sizeof dirp->entry.d_name - 1);
  dirp->entry.d_name[sizeof dirp->entry.d_name - 1] = '\0';
  dirp->at += dirp->entry.d_reclen;
  return &dirp->entry;
}

void rewinddir(DIR *dirp) {
  __syscall_lseek(dirp->fd, 0, SEEK_SET);
  dirp->length = 0;
  dirp->at = 0;
}

int dirfd(DIR *dirp) { return dirp->fd; }

int closedir(DIR *dirp) {
  int fd = dirp->fd;
  free(dirp);
  return __syscall_close(fd);
}

/* ---- processes */

int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options) { return __syscall_waitid((int)idtype, (int)id, infop, options); }
pid_t setsid(void) { return __syscall_setsid(); }
pid_t getsid(pid_t pid) { return __syscall_getsid(pid); }
int setpgid(pid_t pid, pid_t pgid) { return __syscall_setpgid(pid, pgid); }
pid_t getpgid(pid_t pid) { return __syscall_getpgid(pid); }
pid_t getpgrp(void) { return __syscall_getpgrp(); }
int setpgrp(void) { return __syscall_setpgid(0, 0); }
gid_t getegid(void) { return __syscall_getegid(); }
int setuid(uid_t uid) { return __syscall_setuid(uid); }
int setgid(gid_t gid) { return __syscall_setgid(gid); }
int seteuid(uid_t uid) { return __syscall_setresuid(-1, (int)uid, -1); }

int daemon(int nochdir, int noclose) {
  pid_t pid = fork();
  if (pid < 0)
    return -1;
  if (pid > 0)
    _exit(0);
  if (__syscall_setsid() < 0)
    return -1;
  if (!nochdir)
    __syscall_chdir("/");
  if (!noclose) {
    int fd = __syscall_openat("/dev/null", O_RDWR, 0);
    if (fd < 0)
      return -1;
    __syscall_dup2(fd, 0);
    __syscall_dup2(fd, 1);
    __syscall_dup2(fd, 2);
    if (fd > 2)
      __syscall_close(fd);
  }
  return 0;
}

int prctl(int option, ...) {
  unsigned long arg = 0;
  va_list ap;
  va_start(ap, option);
  if (__libc_va_left(ap))
    arg = va_arg(ap, unsigned long);
  va_end(ap);
  return __syscall_prctl(option, arg);
}

int getrusage(__rusage_who_t who, struct rusage *usage) {
  unsigned long long ns[2] = { 0, 0 };
  if (__syscall_getrusage((int)who, ns) < 0)
    return -1;
  memset(usage, 0, sizeof *usage);
  usage->ru_utime.tv_sec = (long)(ns[0] / 1000000000);
  usage->ru_utime.tv_usec = (long)(ns[0] % 1000000000 / 1000);
  usage->ru_stime.tv_sec = (long)(ns[1] / 1000000000);
  usage->ru_stime.tv_usec = (long)(ns[1] % 1000000000 / 1000);
  return 0;
}

clock_t times(struct tms *buf) { return __syscall_times(buf); }

/* ---- signals */

int sigpending(sigset_t *set) {
  memset(set, 0, sizeof *set);
  return __syscall_rt_sigpending(set);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) {
  int got = __syscall_rt_sigtimedwait(set, info, timeout);
  /* raise(3) is to look like kill(2) here. */
  if (got >= 0 && info && info->si_code == SI_TKILL)
    info->si_code = SI_USER;
  return got;
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info) { return sigtimedwait(set, info, NULL); }

int sigwait(const sigset_t *set, int *sig) {
  siginfo_t info;
  int saved = errno;
  int got;
  do
    got = __syscall_rt_sigtimedwait(set, &info, NULL);
  while (got < 0 && errno == EINTR);
  if (got < 0) {
    int error = errno;
    errno = saved;
    return error;
  }
  *sig = got;
  return 0;
}

int sigqueue(pid_t pid, int sig, const union sigval value) {
  int from = __syscall_getpid();
  return __syscall_rt_sigqueueinfo(pid, sig, &value, from, __syscall_getuid());
}

int getitimer(__itimer_which_t which, struct itimerval *curr_value) {
  long long words[4];
  if (__syscall_getitimer((int)which, words) < 0)
    return -1;
  curr_value->it_interval.tv_sec = words[0];
  curr_value->it_interval.tv_usec = words[1] / 1000;
  curr_value->it_value.tv_sec = words[2];
  curr_value->it_value.tv_usec = words[3] / 1000;
  return 0;
}

/* ---- messages between processes */

int msgget(key_t key, int msgflg) { return __syscall_msgget(key, msgflg); }
int msgsnd(int msqid, const void *msgp, size_t msgsz, int msgflg) { return __syscall_msgsnd(msqid, msgp, msgsz, msgflg); }

ssize_t msgrcv(int msqid, void *msgp, size_t msgsz, long msgtyp, int msgflg) { return __syscall_msgrcv(msqid, msgp, msgsz, msgtyp, msgflg); }

int msgctl(int msqid, int cmd, struct msqid_ds *buf) { return __syscall_msgctl(msqid, cmd, buf); }

static void __mq_fill(struct mq_attr *attr, const unsigned long long words[4]) {
  memset(attr, 0, sizeof *attr);
  attr->mq_flags = (long)words[0];
  attr->mq_maxmsg = (long)words[1];
  attr->mq_msgsize = (long)words[2];
  attr->mq_curmsgs = (long)words[3];
}

int mq_getattr(mqd_t mqdes, struct mq_attr *attr) {
  unsigned long long words[4];
  if (__syscall_mq_getsetattr(mqdes, 0, 0, words) < 0)
    return -1;
  __mq_fill(attr, words);
  return 0;
}

int mq_setattr(mqd_t mqdes, const struct mq_attr *newattr, struct mq_attr *oldattr) {
  unsigned long long words[4];
  if (__syscall_mq_getsetattr(mqdes, 1, newattr->mq_flags, words) < 0)
    return -1;
  if (oldattr)
    __mq_fill(oldattr, words);
  return 0;
}
