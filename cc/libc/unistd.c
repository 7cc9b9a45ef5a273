/* unistd.h, fcntl.h, sys/stat.h, sys/wait.h, sys/resource.h, sys/utsname.h, sys/uio.h: files and
   processes. Which system call each function makes is what strace shows of glibc 2.36. */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern int __cancel_used;
void pthread_testcancel(void);

/* The end of a cancellation point, pthreads(7): an interrupted one may be the thread's last. */
static long __point(long result) {
  if (result < 0 && __cancel_used)
    pthread_testcancel();
  return result;
}

ssize_t read(int fd, void *buf, size_t count) { return __point(__syscall_read(fd, buf, count)); }
ssize_t write(int fd, const void *buf, size_t count) { return __syscall_write(fd, buf, count); }
ssize_t readv(int fd, const struct iovec *iov, int iovcnt) { return __syscall_readv(fd, iov, iovcnt); }
ssize_t writev(int fd, const struct iovec *iov, int iovcnt) { return __syscall_writev(fd, iov, iovcnt); }
int close(int fd) { return __syscall_close(fd); }
off_t lseek(int fd, off_t offset, int whence) { return __syscall_lseek(fd, offset, whence); }
int access(const char *pathname, int mode) { return __syscall_access(pathname, mode); }
int unlink(const char *pathname) { return __syscall_unlink(pathname); }
int mkdir(const char *pathname, mode_t mode) { return __syscall_mkdir(pathname, mode); }
int mkfifo(const char *pathname, mode_t mode) { return __syscall_mkfifo(pathname, mode); }
int chmod(const char *pathname, mode_t mode) { return __syscall_chmod(pathname, mode); }
int stat(const char *pathname, struct stat *statbuf) { return __syscall_stat(pathname, statbuf); }
int fstat(int fd, struct stat *statbuf) { return __syscall_fstat(fd, statbuf); }
int ftruncate(int fd, off_t length) { return __syscall_ftruncate(fd, length); }
int dup(int oldfd) { return __syscall_dup(oldfd); }
int dup2(int oldfd, int newfd) { return __syscall_dup2(oldfd, newfd); }
int dup3(int oldfd, int newfd, int flags) { return __syscall_dup3(oldfd, newfd, flags); }
int pipe(int pipefd[2]) { return __syscall_pipe2(pipefd, 0); }
int pipe2(int pipefd[2], int flags) { return __syscall_pipe2(pipefd, flags); }

int open(const char *pathname, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list ap;
    va_start(ap, flags);
    mode = va_arg(ap, mode_t);
    va_end(ap);
  }
  return __syscall_openat(pathname, flags, mode);
}

int openat(int dirfd, const char *pathname, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list ap;
    va_start(ap, flags);
    mode = va_arg(ap, mode_t);
    va_end(ap);
  }
  if (dirfd != AT_FDCWD && *pathname != '/')
    __libc_unsupported("openat relative to a directory descriptor");
  return __syscall_openat(pathname, flags, mode);
}

int creat(const char *pathname, mode_t mode) { return __syscall_openat(pathname, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int fcntl(int fd, int cmd, ...) {
  long arg = 0;
  if (cmd != F_GETFD && cmd != F_GETFL && cmd != F_GETOWN && cmd != F_GETSIG && cmd != F_GETPIPE_SZ) {
    va_list ap;
    va_start(ap, cmd);
    if (cmd == F_GETLK || cmd == F_SETLK || cmd == F_SETLKW) {
      void *lock = va_arg(ap, void *);
      va_end(ap);
      return __syscall_fcntl_lock(fd, cmd, lock);
    }
    if (__libc_va_left(ap) || cmd <= F_SETFL)
      arg = va_arg(ap, int);
    va_end(ap);
  }
  return __syscall_fcntl(fd, cmd, arg);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list ap;
  va_start(ap, request);
  void *arg = __libc_va_left(ap) ? va_arg(ap, void *) : NULL;
  va_end(ap);
  return __syscall_ioctl(fd, request, arg);
}

static char __tty_modes[64];

/* A terminal is what answers TCGETS, isatty(3). */
int isatty(int fd) { return __syscall_ioctl(fd, TCGETS, __tty_modes) == 0; }

void sync(void) {}

/* ---- processes */

void __stdio_forked(void);
void __pthread_forked(void);
void __run_atfork(int when);

pid_t fork(void) {
  __run_atfork(0);
  pid_t pid = __syscall_fork();
  if (pid == 0) {
    __stdio_forked();
    __pthread_forked();
  }
  __run_atfork(pid == 0 ? 2 : 1);
  return pid;
}

pid_t vfork(void) { return __syscall_vfork(); }
pid_t getpid(void) { return __syscall_getpid(); }
pid_t getppid(void) { return __syscall_getppid(); }
pid_t gettid(void) { return __syscall_gettid(); }
uid_t getuid(void) { return __syscall_getuid(); }
uid_t geteuid(void) { return __syscall_geteuid(); }
gid_t getgid(void) { return __syscall_getgid(); }

long syscall(long number, ...) {
  if (number == 186)
    return __syscall_gettid();
  if (number == 39)
    return __syscall_getpid();
  __libc_unsupported("syscall");
  return -1;
}

pid_t waitpid(pid_t pid, int *wstatus, int options) { return __syscall_wait4(pid, wstatus, options); }
pid_t wait(int *wstatus) { return __syscall_wait4(-1, wstatus, 0); }

pid_t wait4(pid_t pid, int *wstatus, int options, struct rusage *rusage) {
  if (rusage)
    memset(rusage, 0, sizeof *rusage);
  return __syscall_wait4(pid, wstatus, options);
}

pid_t wait3(int *wstatus, int options, struct rusage *rusage) { return wait4(-1, wstatus, options, rusage); }

extern char **environ;

int execve(const char *pathname, char *const argv[], char *const envp[]) { return __syscall_execve(pathname, (void *)argv, (void *)envp); }
int execv(const char *pathname, char *const argv[]) { return __syscall_execve(pathname, (void *)argv, environ); }

/* Looks for a program along PATH, execvp(3). */
int execvpe(const char *file, char *const argv[], char *const envp[]) {
  if (__libc_strchr(file, '/'))
    return __syscall_execve(file, (void *)argv, (void *)envp);
  const char *path = getenv("PATH");
  if (!path)
    path = "/bin:/usr/bin";
  int denied = 0;
  char name[PATH_MAX + 256];
  while (path) {
    const char *end = __libc_strchr(path, ':');
    size_t len = end ? (size_t)(end - path) : __libc_strlen(path);
    if (len < PATH_MAX) {
      __libc_memcpy(name, path, len);
      if (len > 0)
        name[len++] = '/';
      __libc_strncpy(name + len, file, 255);
      name[len + 255] = '\0';
      __syscall_execve(name, (void *)argv, (void *)envp);
      if (errno == EACCES)
        denied = 1;
      else if (errno != ENOENT && errno != ENOTDIR)
        return -1;
    }
    path = end ? end + 1 : NULL;
  }
  if (denied)
    errno = EACCES;
  return -1;
}

int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

#define GATHER_ARGUMENTS(first, list, ap)                                                                                              \
  do {                                                                                                                                 \
    int __n = 0;                                                                                                                       \
    list[__n++] = (char *)(first);                                                                                                     \
    va_start(ap, first);                                                                                                               \
    while (__n < 255 && list[__n - 1])                                                                                                 \
      list[__n++] = va_arg(ap, char *);                                                                                                \
    list[__n - (__n == 255)] = NULL;                                                                                                   \
  } while (0)

int execl(const char *pathname, const char *arg, ...) {
  char *argv[256];
  va_list ap;
  GATHER_ARGUMENTS(arg, argv, ap);
  va_end(ap);
  return __syscall_execve(pathname, argv, environ);
}

int execlp(const char *file, const char *arg, ...) {
  char *argv[256];
  va_list ap;
  GATHER_ARGUMENTS(arg, argv, ap);
  va_end(ap);
  return execvpe(file, argv, environ);
}

int execle(const char *pathname, const char *arg, ...) {
  char *argv[256];
  va_list ap;
  GATHER_ARGUMENTS(arg, argv, ap);
  char **envp = va_arg(ap, char **);
  va_end(ap);
  return __syscall_execve(pathname, argv, envp);
}

int sched_yield(void) { return __syscall_sched_yield(); }

/* ---- the host */

int uname(struct utsname *buf) { return __syscall_uname(buf); }

int gethostname(char *name, size_t len) {
  struct utsname host;
  if (__syscall_uname(&host) < 0)
    return -1;
  size_t need = __libc_strlen(host.nodename) + 1;
  __libc_memcpy(name, host.nodename, need < len ? need : len);
  if (need > len) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return 0;
}

int getpagesize(void) { return 4096; }

int getdtablesize(void) {
  struct rlimit limit;
  return __syscall_getrlimit(RLIMIT_NOFILE, &limit) < 0 ? 256 : (int)limit.rlim_cur;
}

long sysconf(int name) {
  switch (name) {
  case _SC_PAGESIZE: return 4096;
  case _SC_OPEN_MAX: return getdtablesize();
  case _SC_NPROCESSORS_CONF:
  case _SC_NPROCESSORS_ONLN: return 1;
  case _SC_CLK_TCK: return 100;
  case _SC_HOST_NAME_MAX: return 64;
  case _SC_IOV_MAX: return 1024;
  case _SC_ARG_MAX: return 2097152;
  default: errno = EINVAL; return -1;
  }
}

int getrlimit(__rlimit_resource_t resource, struct rlimit *rlim) { return __syscall_getrlimit((int)resource, rlim); }
int setrlimit(__rlimit_resource_t resource, const struct rlimit *rlim) { return __syscall_setrlimit((int)resource, rlim->rlim_cur, rlim->rlim_max); }

/* ---- paths */

char *dirname(char *path) {
  char *last = path ? __libc_strrchr(path, '/') : NULL;
  if (last && last != path && last[1] == '\0') {
    char *end = last;
    while (end != path && end[-1] == '/')
      end--;
    if (end != path) {
      last = end - 1;
      while (last >= path && *last != '/')
        last--;
      if (last < path)
        last = NULL;
    }
  }
  if (!last)
    return ".";
  char *end = last;
  while (end != path && end[-1] == '/')
    end--;
  if (end == path)
    end = last == path + 1 ? path + 2 : path + 1;
  *end = '\0';
  return path;
}

char *__xpg_basename(char *path) {
  if (!path || !*path)
    return ".";
  char *end = path + __libc_strlen(path);
  while (end > path && end[-1] == '/')
    end--;
  if (end == path)
    return path + __libc_strlen(path) - 1;
  *end = '\0';
  char *slash = __libc_strrchr(path, '/');
  return slash ? slash + 1 : path;
}

char *mktemp(char *template_) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  static unsigned int state = 1;
  size_t len = __libc_strlen(template_);
  if (len < 6 || __libc_strcmp(template_ + len - 6, "XXXXXX") != 0) {
    errno = EINVAL;
    return template_;
  }
  for (int i = 0; i < 6; i++) {
    state = state * 1103515245 + 12345;
    template_[len - 6 + i] = letters[(state >> 16) % 62];
  }
  return template_;
}

int mkostemps(char *template_, int suffixlen, int flags) {
  char *end = template_ + __libc_strlen(template_) - suffixlen, first = *end;
  int fd = -1;
  if (suffixlen < 0 || end < template_ + 6) {
    errno = EINVAL;
    return -1;
  }
  for (int tries = 0; tries < 100; tries++) {
    errno = 0;
    *end = '\0';
    mktemp(template_);
    *end = first;
    if (errno == EINVAL)
      break;
    fd = __syscall_openat(template_, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
    if (fd >= 0 || errno != EEXIST)
      break;
    __libc_memcpy(end - 6, "XXXXXX", 6);
  }
  return fd;
}

int mkstemps(char *template_, int suffixlen) { return mkostemps(template_, suffixlen, 0); }
int mkostemp(char *template_, int flags) { return mkostemps(template_, 0, flags); }
int mkstemp(char *template_) { return mkostemps(template_, 0, 0); }
