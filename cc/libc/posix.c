/* spawn.h, sched.h, mntent.h, utmp.h, sys/sysinfo.h, and what of unistd.h, stdlib.h, stdio.h and
   signal.h few programs use. The simulated computer has one processor, a gibibyte of memory, and
   nobody's login is written down. */

#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <netdb.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <utmpx.h>

/* ---- spawn.h. A failed file action ends the child with 127, as POSIX lets it; that the program
   is not there is told by the call. */

enum { SPAWN_OPEN, SPAWN_CLOSE, SPAWN_DUP2, SPAWN_CHDIR };
struct __spawn_action {
  int kind, fd, other;
  mode_t mode;
  char *path;
};

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *file_actions) {
  __libc_memset(file_actions, 0, sizeof *file_actions);
  return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *file_actions) {
  for (int i = 0; i < file_actions->__used; i++)
    __builtin_free(file_actions->__actions[i].path);
  __builtin_free(file_actions->__actions);
  return 0;
}

static int __add_action(posix_spawn_file_actions_t *all, struct __spawn_action action, const char *path) {
  if (action.fd < 0 || action.other < 0)
    return EBADF;
  void *grown = __builtin_realloc(all->__actions, (all->__used + 1) * sizeof action);
  action.path = path ? strdup(path) : NULL;
  if (!grown || (path && !action.path))
    return ENOMEM;
  all->__actions = grown;
  all->__actions[all->__used++] = action;
  return 0;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *file_actions, int fd, const char *path, int oflag, mode_t mode) {
  return __add_action(file_actions, (struct __spawn_action){ SPAWN_OPEN, fd, oflag, mode }, path);
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *file_actions, int fd) {
  return __add_action(file_actions, (struct __spawn_action){ SPAWN_CLOSE, fd }, NULL);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *file_actions, int fd, int newfd) {
  return __add_action(file_actions, (struct __spawn_action){ SPAWN_DUP2, fd, newfd }, NULL);
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path) {
  return __add_action(actions, (struct __spawn_action){ SPAWN_CHDIR }, path);
}

int posix_spawnattr_init(posix_spawnattr_t *attr) {
  __libc_memset(attr, 0, sizeof *attr);
  return 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attr) { (void)attr; return 0; }

#define SPAWN_ATTRIBUTE(type, name, member) \
  int posix_spawnattr_get##name(const posix_spawnattr_t *attr, type *name) { *name = attr->member; return 0; } \
  int posix_spawnattr_set##name(posix_spawnattr_t *attr, SPAWN_##name name) { attr->member = SPAWN_VALUE_##name; return 0; }
#define SPAWN_flags short
#define SPAWN_VALUE_flags flags
#define SPAWN_pgroup pid_t
#define SPAWN_VALUE_pgroup pgroup
#define SPAWN_sigmask const sigset_t *
#define SPAWN_VALUE_sigmask *sigmask
#define SPAWN_sigdefault const sigset_t *
#define SPAWN_VALUE_sigdefault *sigdefault
SPAWN_ATTRIBUTE(short, flags, __flags)
SPAWN_ATTRIBUTE(pid_t, pgroup, __pgrp)
SPAWN_ATTRIBUTE(sigset_t, sigmask, __ss)
SPAWN_ATTRIBUTE(sigset_t, sigdefault, __sd)

static int __spawn_act(const struct __spawn_action *action) {
  int fd;
  switch (action->kind) {
  case SPAWN_CLOSE: return __syscall_close(action->fd), 0;
  case SPAWN_DUP2:
    if (action->fd == action->other)
      return __syscall_fcntl(action->fd, F_SETFD, 0);
    return __syscall_dup2(action->fd, action->other);
  case SPAWN_CHDIR: return __syscall_chdir(action->path);
  default:
    __syscall_close(action->fd);
    fd = __syscall_openat(action->path, action->other, action->mode);
    if (fd >= 0 && fd != action->fd) {
      int moved = __syscall_dup2(fd, action->fd);
      __syscall_close(fd);
      return moved;
    }
    return fd;
  }
}

static int __spawn_prepare(const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr) {
  int flags = attr ? attr->__flags : 0, failed = 0;
  for (int signal = 1; flags & POSIX_SPAWN_SETSIGDEF && signal < NSIG; signal++)
    if (sigismember(&attr->__sd, signal) == 1) {
      struct sigaction plain = { .sa_handler = SIG_DFL };
      sigaction(signal, &plain, NULL);
    }
  if (flags & POSIX_SPAWN_SETSID)
    failed |= __syscall_setsid() < 0;
  if (flags & POSIX_SPAWN_SETPGROUP)
    failed |= __syscall_setpgid(0, attr->__pgrp) < 0;
  for (int i = 0; actions && i < actions->__used && !failed; i++)
    failed = __spawn_act(&actions->__actions[i]) < 0;
  return failed;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *file_actions, const posix_spawnattr_t *attrp,
                char *const argv[], char *const envp[]) {
  int saved = errno, wrong = 0;
  sigset_t all, old;
  if (__syscall_access(path, X_OK) < 0) {
    wrong = errno;
    errno = saved;
    return wrong;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &old);
  pid_t child = fork();
  if (child == 0) {
    if (!__spawn_prepare(file_actions, attrp)) {
      sigprocmask(SIG_SETMASK, attrp && attrp->__flags & POSIX_SPAWN_SETSIGMASK ? &attrp->__ss : &old, NULL);
      execve(path, argv, envp);
    }
    _exit(127);
  }
  wrong = child < 0 ? errno : 0;
  sigprocmask(SIG_SETMASK, &old, NULL);
  if (child > 0 && pid)
    *pid = child;
  errno = saved;
  return wrong;
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *file_actions, const posix_spawnattr_t *attrp,
                 char *const argv[], char *const envp[]) {
  char name[PATH_MAX];
  const char *path = getenv("PATH");
  int wrong = ENOENT;
  if (strchr(file, '/'))
    return posix_spawn(pid, file, file_actions, attrp, argv, envp);
  for (path = path ? path : "/bin:/usr/bin"; wrong == ENOENT && path; path = path ? path + 1 : NULL) {
    const char *end = strchrnul(path, ':');
    snprintf(name, sizeof name, "%.*s%s%s", (int)(end - path), path, end > path ? "/" : "", file);
    wrong = posix_spawn(pid, name, file_actions, attrp, argv, envp);
    path = *end ? end : NULL;
  }
  return wrong;
}

/* ---- sched.h */

int __sched_cpucount(size_t setsize, const cpu_set_t *setp) {
  int count = 0;
  for (size_t i = 0; i < setsize * 8; i++)
    count += CPU_ISSET(i, setp);
  return count;
}

int sched_getaffinity(pid_t pid, size_t cpusetsize, cpu_set_t *cpuset) {
  (void)pid;
  if (cpusetsize < 8) {
    errno = EINVAL;
    return -1;
  }
  __libc_memset(cpuset, 0, cpusetsize);
  CPU_SET(0, cpuset);
  return 0;
}

int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *cpuset) {
  (void)pid;
  if (cpusetsize > 0 && CPU_ISSET(0, cpuset))
    return 0;
  errno = EINVAL;
  return -1;
}

int pthread_setaffinity_np(pthread_t thread, size_t cpusetsize, const cpu_set_t *cpuset) {
  (void)thread;
  return cpusetsize > 0 && CPU_ISSET(0, cpuset) ? 0 : EINVAL;
}

int pthread_getaffinity_np(pthread_t thread, size_t cpusetsize, cpu_set_t *cpuset) {
  (void)thread;
  return sched_getaffinity(0, cpusetsize, cpuset) < 0 ? EINVAL : 0;
}

int sched_getcpu(void) { return 0; }
int sched_getscheduler(pid_t pid) { (void)pid; return SCHED_OTHER; }

int sched_getparam(pid_t pid, struct sched_param *param) {
  (void)pid;
  param->sched_priority = 0;
  return 0;
}

/* ---- sys/sysinfo.h */

int sysinfo(struct sysinfo *info) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  __libc_memset(info, 0, sizeof *info);
  info->uptime = now.tv_sec + (now.tv_nsec > 0);
  info->totalram = 1UL << 30;
  info->freeram = 1UL << 29;
  info->procs = 2;
  info->mem_unit = 1;
  return 0;
}

/* ---- unistd.h */

long pathconf(const char *path, int name) {
  (void)path;
  switch (name) {
  case _PC_LINK_MAX: return 65000;
  case _PC_MAX_CANON:
  case _PC_MAX_INPUT:
  case _PC_NAME_MAX: return 255;
  case _PC_PATH_MAX:
  case _PC_PIPE_BUF: return 4096;
  case _PC_CHOWN_RESTRICTED:
  case _PC_NO_TRUNC:
  case _PC_2_SYMLINKS: return 1;
  case _PC_VDISABLE: return 0;
  case _PC_FILESIZEBITS: return 64;
  }
  if (name < 0 || name > _PC_2_SYMLINKS)
    errno = EINVAL;
  return -1;
}

long fpathconf(int fd, int name) { return fd < 0 ? (errno = EBADF, -1) : pathconf("/", name); }

size_t confstr(int name, char *buf, size_t len) {
  const char *value = name == _CS_PATH ? "/bin:/usr/bin" : name == _CS_GNU_LIBC_VERSION ? "glibc 2.36" : NULL;
  if (!value) {
    errno = EINVAL;
    return 0;
  }
  if (buf && len > 0)
    snprintf(buf, len, "%s", value);
  return __libc_strlen(value) + 1;
}

int getgroups(int size, gid_t list[]) {
  if (size < 0) {
    errno = EINVAL;
    return -1;
  }
  if (size > 0)
    list[0] = getgid();
  return 1;
}

/* GNU's basename(3), which changes nothing. */
#undef basename
char *basename(const char *filename) {
  const char *slash = strrchr(filename, '/');
  return (char *)(slash ? slash + 1 : filename);
}

void swab(const void *from, void *to, ssize_t n) {
  const char *a = from;
  char *b = to;
  for (; n > 1; n -= 2, a += 2, b += 2) {
    char first = a[0];
    b[0] = a[1];
    b[1] = first;
  }
}

/* The address of this computer's name, its halves exchanged; as glibc without /etc/hostid. */
long gethostid(void) {
  char name[65];
  struct hostent *host = gethostname(name, sizeof name) == 0 ? gethostbyname(name) : NULL;
  unsigned address;
  if (!host)
    return 0;
  __libc_memcpy(&address, host->h_addr_list[0], sizeof address);
  return (int)(address << 16 | address >> 16);
}

/* The program's break: of room set aside when it is first asked for. */
#define BREAK_ROOM (64UL << 20)
static char *__break_from, *__break;

int brk(void *addr) {
  if (!__break_from) {
    __break_from = mmap(NULL, BREAK_ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (__break_from == MAP_FAILED)
      return __break_from = NULL, -1;
    __break = __break_from;
  }
  if (!addr)
    return 0;
  if ((char *)addr < __break_from || (char *)addr > __break_from + BREAK_ROOM) {
    errno = ENOMEM;
    return -1;
  }
  __break = addr;
  return 0;
}

void *sbrk(intptr_t increment) {
  char *before = brk(NULL) < 0 ? NULL : __break;
  return before && (increment == 0 || brk(before + increment) == 0) ? before : (void *)-1;
}

/* ---- stdio.h, stdlib.h */

FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t io_funcs) {
  int open_flags;
  int flags = __parse_mode(mode, &open_flags);
  FILE *f = flags < 0 ? NULL : __new_file(-2, flags | F_COOKIE);
  if (f) {
    f->_cookie = cookie;
    f->_by = io_funcs;
  }
  return f;
}

char *tempnam(const char *dir, const char *pfx) {
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%s/%.5sXXXXXX", dir && access(dir, W_OK) == 0 ? dir : P_tmpdir, pfx ? pfx : "file");
  return strdup(mktemp(name));
}

char *tmpnam(char *s) {
  static char own[L_tmpnam];
  if (!s)
    s = own;
  __libc_strcpy(s, "/tmp/fileXXXXXX");
  return *mktemp(s) ? s : NULL;
}

int putw(int w, FILE *stream) { return fwrite(&w, sizeof w, 1, stream) == 1 ? 0 : EOF; }

int getw(FILE *stream) {
  int w;
  return fread(&w, sizeof w, 1, stream) == 1 ? w : EOF;
}

/* The digits of `value`, `ndigit` of them or as many after the point; the point's place apart. */
static char *__cvt_digits(double value, int ndigit, int after_point, int *decpt, int *sign) {
  static char digits[400];
  char text[420];
  *sign = value < 0;
  if (value < 0)
    value = -value;
  if (after_point) {
    snprintf(text, sizeof text, "%.*f", ndigit < 0 ? 0 : ndigit > 80 ? 80 : ndigit, value);
    char *point = strchrnul(text, '.'), *from = text;
    *decpt = (int)(point - text);
    for (; *from == '0' && value != 0 && value < 1; from++)
      *decpt -= *decpt > 0 || from > point;
    snprintf(digits, sizeof digits, "%.*s%s", from < point ? (int)(point - from) : 0, from, *point ? (from > point ? from : point + 1) : "");
    return digits;
  }
  snprintf(text, sizeof text, "%.*e", ndigit < 1 ? 0 : ndigit > 17 ? 16 : ndigit - 1, value);
  *decpt = value == 0 ? 0 : atoi(strchr(text, 'e') + 1) + 1;
  snprintf(digits, sizeof digits, "%c%.*s", text[0], ndigit > 1 ? ndigit - 1 : 0, text + 2);
  return digits;
}

char *ecvt(double value, int ndigit, int *decpt, int *sign) { return __cvt_digits(value, ndigit, 0, decpt, sign); }
char *fcvt(double value, int ndigit, int *decpt, int *sign) { return __cvt_digits(value, ndigit, 1, decpt, sign); }

char *gcvt(double value, int ndigit, char *buf) {
  sprintf(buf, "%.*g", ndigit, value);
  return buf;
}

/* ---- signal.h, as System V had it */

static int __change_mask(int how, int sig) {
  sigset_t set;
  sigemptyset(&set);
  return sigaddset(&set, sig) < 0 ? -1 : sigprocmask(how, &set, NULL);
}

int sighold(int sig) { return __change_mask(SIG_BLOCK, sig); }
int sigrelse(int sig) { return __change_mask(SIG_UNBLOCK, sig); }

int sigignore(int sig) {
  struct sigaction ignore = { .sa_handler = SIG_IGN };
  return sigaction(sig, &ignore, NULL);
}

/* ---- mntent.h: a table of lines of six words */

FILE *setmntent(const char *file, const char *mode) { return fopen(file, mode); }

int endmntent(FILE *stream) {
  if (stream)
    fclose(stream);
  return 1;
}

struct mntent *getmntent_r(FILE *stream, struct mntent *result, char *buffer, int bufsize) {
  while (fgets(buffer, bufsize, stream)) {
    char *rest = buffer, *words[6];
    int count = 0;
    buffer[strcspn(buffer, "#\n")] = '\0';
    for (char *word; count < 6 && (word = strsep(&rest, " \t"));)
      if (*word)
        words[count++] = word;
    if (count < 3)
      continue;
    *result = (struct mntent){ words[0], words[1], words[2], count > 3 ? words[3] : "", count > 4 ? atoi(words[4]) : 0,
      count > 5 ? atoi(words[5]) : 0 };
    return result;
  }
  return NULL;
}

struct mntent *getmntent(FILE *stream) {
  static struct mntent result;
  static char line[1024];
  return getmntent_r(stream, &result, line, sizeof line);
}

char *hasmntopt(const struct mntent *mnt, const char *opt) {
  size_t len = __libc_strlen(opt);
  for (char *at = mnt->mnt_opts; (at = strstr(at, opt)); at += len)
    if ((at == mnt->mnt_opts || at[-1] == ',') && (!at[len] || at[len] == ',' || at[len] == '='))
      return at;
  return NULL;
}

/* ---- utmp.h, utmpx.h: there is no /var/run/utmp */

void setutent(void) {}
void endutent(void) {}
struct utmp *getutent(void) { return NULL; }
struct utmp *getutid(const struct utmp *id) { (void)id; return NULL; }
struct utmp *getutline(const struct utmp *line) { (void)line; return NULL; }
int utmpname(const char *file) { (void)file; return 0; }
void setutxent(void) {}
void endutxent(void) {}
struct utmpx *getutxent(void) { return NULL; }
struct utmpx *getutxid(const struct utmpx *id) { (void)id; return NULL; }
struct utmpx *getutxline(const struct utmpx *line) { (void)line; return NULL; }
