/* What belongs to no larger file: setjmp.h, cancellation (pthread_cancel), syslog.h, malloc.h,
   termios.h, grp.h and pwd.h, netinet/ether.h, system(3) and popen(3). */

#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/syslog.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char *program_invocation_short_name;

/* ---- setjmp.h */

void __save_mask(struct __jmp_buf_tag *env, int savemask) {
  env->__mask_was_saved = savemask && __syscall_rt_sigprocmask(SIG_BLOCK, NULL, env->__saved_mask) == 0;
}

void longjmp(struct __jmp_buf_tag *env, int val) { __builtin_longjmp(env, val); }

void siglongjmp(struct __jmp_buf_tag *env, int val) {
  if (env->__mask_was_saved)
    __syscall_rt_sigprocmask(SIG_SETMASK, env->__saved_mask, NULL);
  __builtin_longjmp(env, val);
}

/* ---- pthread_cancel(3): the signal 32 interrupts what blocks; the call that was interrupted is
   a cancellation point, and so are the calls before which nothing came. */

struct __cancel_state {
  int tid;
  int pending;
  int disabled;
  struct __cleanup *cleanups;
  struct __cancel_state *next;
};
static struct __cancel_state *__cancel_states;
int __cancel_used;

static struct __cancel_state *__cancel_of(int tid) {
  struct __cancel_state *state = __cancel_states;
  while (state && state->tid != tid)
    state = state->next;
  if (!state) {
    state = calloc(1, sizeof *state);
    state->tid = tid;
    state->next = __cancel_states;
    __cancel_states = state;
  }
  return state;
}

static void __on_cancel(int sig) { (void)sig; }

int pthread_cancel(pthread_t thread) {
  struct sigaction act;
  int saved = errno;
  if (!__cancel_used) {
    __cancel_used = 1;
    memset(&act, 0, sizeof act);
    act.sa_handler = __on_cancel;
    act.sa_flags = SA_RESTART | SA_SIGINFO;
    __syscall_rt_sigaction(32, &act, NULL);
  }
  __cancel_of((int)thread)->pending = 1;
  if ((int)thread == __libc_tid()) {
    pthread_testcancel();
    return 0;
  }
  if (__syscall_tgkill(__syscall_getpid(), (int)thread, 32) == 0)
    return 0;
  int error = errno;
  errno = saved;
  return error;
}

void pthread_testcancel(void) {
  if (!__cancel_used)
    return;
  struct __cancel_state *mine = __cancel_of(__libc_tid());
  if (mine->pending && !mine->disabled) {
    mine->disabled = 1;
    pthread_exit(PTHREAD_CANCELED);
  }
}

int pthread_setcancelstate(int state, int *oldstate) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
    return EINVAL;
  struct __cancel_state *mine = __cancel_of(__libc_tid());
  if (oldstate)
    *oldstate = mine->disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  mine->disabled = state == PTHREAD_CANCEL_DISABLE;
  return 0;
}

int pthread_setcanceltype(int type, int *oldtype) {
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
    return EINVAL;
  if (oldtype)
    *oldtype = PTHREAD_CANCEL_DEFERRED;
  return 0;
}

void __pthread_cleanup_push(struct __cleanup *cleanup, void (*routine)(void *), void *arg) {
  struct __cancel_state *mine = __cancel_of(__libc_tid());
  cleanup->__routine = routine;
  cleanup->__arg = arg;
  cleanup->__next = mine->cleanups;
  mine->cleanups = cleanup;
}

void __pthread_cleanup_pop(struct __cleanup *cleanup, int execute) {
  __cancel_of(__libc_tid())->cleanups = cleanup->__next;
  if (execute)
    cleanup->__routine(cleanup->__arg);
}

/* At the end of a thread: its clean-up handlers, innermost first. */
void __run_cleanups(void) {
  struct __cancel_state **at = &__cancel_states;
  int me = __libc_tid();
  while (*at && (*at)->tid != me)
    at = &(*at)->next;
  struct __cancel_state *mine = *at;
  if (!mine)
    return;
  mine->disabled = 1;
  while (mine->cleanups) {
    struct __cleanup *cleanup = mine->cleanups;
    mine->cleanups = cleanup->__next;
    cleanup->__routine(cleanup->__arg);
  }
  for (at = &__cancel_states; *at != mine;)
    at = &(*at)->next;
  *at = mine->next;
  free(mine);
}

/* ---- syslog(3): glibc looks for /dev/log; without a syslogd the message is lost. */

static const char *__log_ident;
static int __log_option;
static int __log_mask = 0xff;

static void __log_look(void) {
  struct sockaddr_un where;
  int saved = errno;
  int fd = __syscall_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  memset(&where, 0, sizeof where);
  where.sun_family = AF_UNIX;
  strcpy(where.sun_path, "/dev/log");
  __syscall_connect(fd, &where, (int)sizeof where);
  __syscall_close(fd);
  errno = saved;
}

void openlog(const char *ident, int option, int facility) {
  (void)facility;
  if (ident)
    __log_ident = ident;
  __log_option = option;
  if (option & LOG_NDELAY)
    __log_look();
}

void closelog(void) { __log_ident = NULL; }

int setlogmask(int mask) {
  int old = __log_mask;
  if (mask)
    __log_mask = mask;
  return old;
}

void vsyslog(int priority, const char *format, va_list ap) {
  if (!(__log_mask & LOG_MASK(priority & LOG_PRIMASK)))
    return;
  if (__log_option & LOG_PERROR) {
    char text[1024];
    int len = snprintf(text, sizeof text, "%s", __log_ident ? __log_ident : program_invocation_short_name);
    if (__log_option & LOG_PID)
      len += snprintf(text + len, sizeof text - (size_t)len, "[%d]", __syscall_getpid());
    len += snprintf(text + len, sizeof text - (size_t)len, ": ");
    len += vsnprintf(text + len, sizeof text - (size_t)len, format, ap);
    if (len > (int)sizeof text - 2)
      len = (int)sizeof text - 2;
    if (text[len - 1] != '\n')
      text[len++] = '\n';
    __syscall_write(2, text, (size_t)len);
  }
  __log_look();
}

void syslog(int priority, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsyslog(priority, format, ap);
  va_end(ap);
}

/* ---- malloc.h and numbers about the machine */

void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }
void *valloc(size_t size) { return aligned_alloc(4096, size); }
size_t malloc_usable_size(void *ptr) { return ptr ? __builtin_block_size(ptr) : 0; }

int malloc_trim(size_t pad) {
  (void)pad;
  return 0;
}

int mallopt(int param, int value) {
  (void)param;
  (void)value;
  return 1;
}

int get_nprocs(void) { return 1; }
int get_nprocs_conf(void) { return 1; }
const char *gnu_get_libc_version(void) { return "2.36"; }
const char *gnu_get_libc_release(void) { return "stable"; }

/* ---- termios.h. What a terminal was told is remembered; its editing of lines is not changed. */

static struct termios __terminal = {
  ICRNL | IXON | IUTF8, OPOST | ONLCR, B38400 | CS8 | CREAD, ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN | ECHOCTL | ECHOKE, 0,
  { 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22 }, B38400, B38400
};

int tcgetattr(int fd, struct termios *termios_p) {
  if (__syscall_ioctl(fd, TCGETS, &__terminal) < 0)
    return -1;
  *termios_p = __terminal;
  return 0;
}

int tcsetattr(int fd, int optional_actions, const struct termios *termios_p) {
  if (optional_actions < TCSANOW || optional_actions > TCSAFLUSH) {
    errno = EINVAL;
    return -1;
  }
  if (__syscall_ioctl(fd, TCSETS + (unsigned)optional_actions, (void *)termios_p) < 0)
    return -1;
  __terminal = *termios_p;
  return 0;
}

void cfmakeraw(struct termios *termios_p) {
  termios_p->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  termios_p->c_oflag &= ~(tcflag_t)OPOST;
  termios_p->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  termios_p->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
  termios_p->c_cflag |= CS8;
  termios_p->c_cc[VMIN] = 1;
  termios_p->c_cc[VTIME] = 0;
}

speed_t cfgetospeed(const struct termios *termios_p) { return termios_p->c_cflag & CBAUD; }
speed_t cfgetispeed(const struct termios *termios_p) { return termios_p->c_cflag & CBAUD; }

int cfsetospeed(struct termios *termios_p, speed_t speed) {
  termios_p->c_cflag = (termios_p->c_cflag & ~(tcflag_t)CBAUD) | speed;
  termios_p->c_ospeed = speed;
  return 0;
}

int cfsetispeed(struct termios *termios_p, speed_t speed) {
  termios_p->c_ispeed = speed;
  return 0;
}

int cfsetspeed(struct termios *termios_p, speed_t speed) {
  cfsetispeed(termios_p, speed);
  return cfsetospeed(termios_p, speed);
}

int tcflush(int fd, int queue_selector) {
  (void)queue_selector;
  return isatty(fd) ? 0 : -1;
}

int tcdrain(int fd) { return isatty(fd) ? 0 : -1; }
char *ttyname(int fd) { return isatty(fd) ? "/dev/pts/0" : NULL; }

char *ctermid(char *s) { return s ? strcpy(s, "/dev/tty") : "/dev/tty"; }

char *getpass(const char *prompt) {
  static char line[256];
  struct termios old;
  int terminal = tcgetattr(0, &old) == 0;
  if (terminal) {
    struct termios quiet = old;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    tcsetattr(0, TCSAFLUSH, &quiet);
  }
  fputs(prompt, stderr);
  if (!fgets(line, sizeof line, stdin))
    line[0] = 0;
  line[strcspn(line, "\n")] = 0;
  if (terminal) {
    fputc('\n', stderr);
    tcsetattr(0, TCSAFLUSH, &old);
  }
  return line;
}

/* ---- pwd.h, grp.h: a host here has root, and the user whose programs these are */

static struct passwd __users[2] = {
  { "root", "x", 0, 0, "root", "/root", "/bin/bash" },
  { "user", "x", 1000, 1000, "user", "/home" "/user", "/bin/bash" },
};

struct passwd *getpwuid(uid_t uid) {
  for (int i = 0; i < 2; i++)
    if (__users[i].pw_uid == uid)
      return &__users[i];
  return NULL;
}

struct passwd *getpwnam(const char *name) {
  for (int i = 0; i < 2; i++)
    if (strcmp(__users[i].pw_name, name) == 0)
      return &__users[i];
  return NULL;
}

static int __next_user;

struct passwd *getpwent(void) { return __next_user < 2 ? &__users[__next_user++] : NULL; }
void setpwent(void) { __next_user = 0; }
void endpwent(void) { __next_user = 0; }

static int __user_into(const struct passwd *user, struct passwd *pwd, char *buf, size_t buflen, struct passwd **result) {
  *result = NULL;
  if (!user)
    return 0;
  *pwd = *user;
  char **texts[] = { &pwd->pw_name, &pwd->pw_passwd, &pwd->pw_gecos, &pwd->pw_dir, &pwd->pw_shell };
  for (int i = 0; i < 5; i++) {
    size_t size = strlen(*texts[i]) + 1;
    if (size > buflen)
      return ERANGE;
    *texts[i] = memcpy(buf, *texts[i], size);
    buf += size;
    buflen -= size;
  }
  *result = pwd;
  return 0;
}

int getpwuid_r(uid_t uid, struct passwd *pwd, char *buf, size_t buflen, struct passwd **result) {
  return __user_into(getpwuid(uid), pwd, buf, buflen, result);
}

int getpwnam_r(const char *name, struct passwd *pwd, char *buf, size_t buflen, struct passwd **result) {
  return __user_into(getpwnam(name), pwd, buf, buflen, result);
}

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *ngroups) {
  (void)user;
  int room = *ngroups;
  *ngroups = 1;
  if (room < 1)
    return -1;
  groups[0] = group;
  return 1;
}

static const char *__user_name(void) {
  struct passwd *user = getpwuid((uid_t)__syscall_getuid());
  return user ? user->pw_name : "nobody";
}

char *getlogin(void) { return (char *)__user_name(); }

int getlogin_r(char *buf, size_t bufsize) {
  const char *name = __user_name();
  if (strlen(name) >= bufsize)
    return ERANGE;
  strcpy(buf, name);
  return 0;
}

static char *__no_members[1];
static struct group __groups[2] = { { "root", "x", 0, __no_members }, { "user", "x", 1000, __no_members } };

struct group *getgrgid(gid_t gid) { return gid == 0 ? &__groups[0] : gid == 1000 ? &__groups[1] : NULL; }

struct group *getgrnam(const char *name) {
  for (int i = 0; i < 2; i++)
    if (strcmp(__groups[i].gr_name, name) == 0)
      return &__groups[i];
  return NULL;
}

/* ---- netinet/ether.h */

char *ether_ntoa_r(const struct ether_addr *addr, char *buf) {
  const unsigned char *at = addr->ether_addr_octet;
  sprintf(buf, "%x:%x:%x:%x:%x:%x", at[0], at[1], at[2], at[3], at[4], at[5]);
  return buf;
}

char *ether_ntoa(const struct ether_addr *addr) {
  static char buf[18];
  return ether_ntoa_r(addr, buf);
}

struct ether_addr *ether_aton_r(const char *asc, struct ether_addr *addr) {
  unsigned int part[6];
  if (sscanf(asc, "%x:%x:%x:%x:%x:%x", &part[0], &part[1], &part[2], &part[3], &part[4], &part[5]) != 6)
    return NULL;
  for (int i = 0; i < 6; i++) {
    if (part[i] > 255)
      return NULL;
    addr->ether_addr_octet[i] = (unsigned char)part[i];
  }
  return addr;
}

struct ether_addr *ether_aton(const char *asc) {
  static struct ether_addr addr;
  return ether_aton_r(asc, &addr);
}

/* ---- system(3), popen(3): by /bin/sh, which is one of our commands (cc/commands) */

/* What system(3) changes while it waits. */
struct __signals {
  struct sigaction interrupt, quit;
  sigset_t mask;
};

/* The shell as a child, as posix_spawn(3) makes it: no signal comes between the fork and the
   parent's old mask. The child begins with `fd` in place of `instead`, and with `before`. */
static pid_t __spawn_shell(const char *command, int fd, int instead, const struct __signals *before) {
  sigset_t all, old;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &old);
  pid_t pid = fork();
  if (pid == 0) {
    if (fd >= 0)
      __syscall_dup2(fd, instead);
    if (before) {
      sigaction(SIGINT, &before->interrupt, NULL);
      sigaction(SIGQUIT, &before->quit, NULL);
    }
    sigprocmask(SIG_SETMASK, before ? &before->mask : &old, NULL);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  sigprocmask(SIG_SETMASK, &old, NULL);
  return pid;
}

int system(const char *command) {
  if (!command)
    return 1;
  struct sigaction ignore = {0};
  struct __signals before;
  sigset_t child;
  int status = -1;
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &before.interrupt);
  sigaction(SIGQUIT, &ignore, &before.quit);
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &before.mask);
  pid_t pid = __spawn_shell(command, -1, -1, &before);
  while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  sigaction(SIGINT, &before.interrupt, NULL);
  sigaction(SIGQUIT, &before.quit, NULL);
  sigprocmask(SIG_SETMASK, &before.mask, NULL);
  return status;
}

struct __child_stream {
  FILE *stream;
  pid_t pid;
  struct __child_stream *next;
};
static struct __child_stream *__children;

FILE *__stream_of(int fd, const char *mode);

FILE *popen(const char *command, const char *type) {
  int reads = type[0] == 'r';
  int fds[2];
  if (!reads && type[0] != 'w') {
    errno = EINVAL;
    return NULL;
  }
  if (__syscall_pipe2(fds, O_CLOEXEC) < 0)
    return NULL;
  struct __child_stream *child = malloc(sizeof *child);
  /* posix_spawn_file_actions_adddup2(3) asks whether either can be a descriptor. */
  sysconf(_SC_OPEN_MAX);
  sysconf(_SC_OPEN_MAX);
  pid_t pid = __spawn_shell(command, fds[reads ? 1 : 0], reads ? 1 : 0, NULL);
  __syscall_close(fds[reads ? 1 : 0]);
  if (pid < 0) {
    __syscall_close(fds[reads ? 0 : 1]);
    free(child);
    return NULL;
  }
  int ours = fds[reads ? 0 : 1];
  if (!__libc_strchr(type, 'e'))
    __syscall_fcntl(ours, F_SETFD, 0);
  child->stream = __stream_of(ours, type);
  child->pid = pid;
  child->next = __children;
  __children = child;
  return child->stream;
}

int pclose(FILE *stream) {
  struct __child_stream **at = &__children;
  while (*at && (*at)->stream != stream)
    at = &(*at)->next;
  struct __child_stream *child = *at;
  if (!child) {
    errno = ECHILD;
    return -1;
  }
  pid_t pid = child->pid;
  int status;
  *at = child->next;
  free(child);
  fclose(stream);
  return waitpid(pid, &status, 0) < 0 ? -1 : status;
}
