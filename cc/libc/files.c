/* What of unistd.h, sys/stat.h, fcntl.h, utime.h, sys/time.h, dirent.h, stdlib.h is about names,
   links, owners and times of files. Which system call each makes is what strace shows of
   glibc 2.36. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

int lstat(const char *pathname, struct stat *statbuf) { return __syscall_lstat(pathname, statbuf); }
int link(const char *oldpath, const char *newpath) { return __syscall_link(oldpath, newpath); }
int symlink(const char *target, const char *linkpath) { return __syscall_symlink(target, linkpath); }
ssize_t readlink(const char *pathname, char *buf, size_t bufsiz) { return __syscall_readlink(pathname, buf, bufsiz); }
int chown(const char *pathname, uid_t owner, gid_t group) { return __syscall_chown(pathname, owner, group); }
int lchown(const char *pathname, uid_t owner, gid_t group) { return __syscall_lchown(pathname, owner, group); }
int fchown(int fd, uid_t owner, gid_t group) { return __syscall_fchown(fd, owner, group); }
int fchmod(int fd, mode_t mode) { return __syscall_fchmod(fd, mode); }
int fchdir(int fd) { return __syscall_fchdir(fd); }

int mknod(const char *pathname, mode_t mode, dev_t dev) {
  int fd;
  switch (mode & S_IFMT) {
  case S_IFIFO:
    return __syscall_mkfifo(pathname, mode & ~S_IFMT);
  case 0:
  case S_IFREG:
    fd = __syscall_openat(pathname, O_CREAT | O_EXCL | O_WRONLY, mode & ~S_IFMT);
    return fd < 0 ? -1 : __syscall_close(fd);
  default:
    errno = (mode & S_IFMT) == S_IFDIR ? EINVAL : EPERM;
    return -1;
  }
}

/* ---- times */

int utimensat(int dirfd, const char *pathname, const struct timespec times[2], int flags) {
  if (!pathname) {
    errno = EINVAL;
    return -1;
  }
  return __syscall_utimensat(dirfd, pathname, times, flags);
}

int futimens(int fd, const struct timespec times[2]) { return __syscall_utimensat(fd, NULL, times, 0); }

int utime(const char *file, const struct utimbuf *file_times) {
  struct timespec times[2];
  if (!file_times)
    return __syscall_utimensat(AT_FDCWD, file, NULL, 0);
  times[0] = (struct timespec){ file_times->actime, 0 };
  times[1] = (struct timespec){ file_times->modtime, 0 };
  return __syscall_utimensat(AT_FDCWD, file, times, 0);
}

static int __utimes(int fd, const char *path, const struct timeval tv[2], int flags) {
  struct timespec times[2];
  if (!tv)
    return __syscall_utimensat(fd, path, NULL, flags);
  for (int i = 0; i < 2; i++) {
    if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000) {
      errno = EINVAL;
      return -1;
    }
    times[i] = (struct timespec){ tv[i].tv_sec, tv[i].tv_usec * 1000 };
  }
  return __syscall_utimensat(fd, path, times, flags);
}

int utimes(const char *filename, const struct timeval times[2]) { return __utimes(AT_FDCWD, filename, times, 0); }
int lutimes(const char *filename, const struct timeval tv[2]) { return __utimes(AT_FDCWD, filename, tv, AT_SYMLINK_NOFOLLOW); }
int futimes(int fd, const struct timeval tv[2]) { return __utimes(fd, NULL, tv, 0); }

/* ---- whole names */

char *realpath(const char *path, char *resolved_path) {
  char whole[PATH_MAX];
  char target[PATH_MAX];
  char *result = resolved_path;
  struct stat st;
  size_t length = 0;
  int links = 0;
  if (!path) {
    errno = EINVAL;
    return NULL;
  }
  if (!*path) {
    errno = ENOENT;
    return NULL;
  }
  char rest[PATH_MAX];
  if (__libc_strlen(path) >= sizeof rest) {
    errno = ENAMETOOLONG;
    return NULL;
  }
  strcpy(rest, path);
  if (*path != '/') {
    if (!getcwd(whole, sizeof whole))
      return NULL;
    length = whole[1] ? __libc_strlen(whole) : 0;
  }
  const char *at = rest;
  while (*at) {
    size_t part = strcspn(at, "/");
    if (part == 0) {
      at++;
      continue;
    }
    if (part == 2 && at[0] == '.' && at[1] == '.') {
      while (length > 0 && whole[--length] != '/')
        ;
    } else if (part != 1 || at[0] != '.') {
      if (length + part + 2 > sizeof whole) {
        errno = ENAMETOOLONG;
        return NULL;
      }
      size_t before = length;
      whole[length++] = '/';
      memcpy(whole + length, at, part);
      length += part;
      whole[length] = '\0';
      ssize_t linked = __syscall_readlink(whole, target, sizeof target - 1);
      if (linked < 0 && errno != EINVAL)
        return NULL;
      if (linked >= 0) {
        if (++links > 40) {
          errno = ELOOP;
          return NULL;
        }
        target[linked] = '\0';
        if ((size_t)linked + __libc_strlen(at + part) >= sizeof target) {
          errno = ENAMETOOLONG;
          return NULL;
        }
        strcat(target, at + part);
        strcpy(rest, target);
        at = rest;
        length = target[0] == '/' ? 0 : before;
        continue;
      }
      if (at[part] == '/') {
        if (__syscall_stat(whole, &st) < 0)
          return NULL;
        if (!S_ISDIR(st.st_mode)) {
          errno = ENOTDIR;
          return NULL;
        }
      }
    }
    at += part;
  }
  if (length == 0)
    whole[length++] = '/';
  whole[length] = '\0';
  if (!result)
    result = malloc(length + 1);
  return result ? strcpy(result, whole) : NULL;
}

char *get_current_dir_name(void) { return getcwd(NULL, 0); }

char *mkdtemp(char *template_) {
  size_t length = __libc_strlen(template_);
  if (length < 6 || strcmp(template_ + length - 6, "XXXXXX") != 0) {
    errno = EINVAL;
    return NULL;
  }
  char *tail = template_ + length - 6;
  for (int tries = 0; tries < 100; tries++) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char random[6];
    getrandom(random, sizeof random, GRND_NONBLOCK);
    for (int i = 0; i < 6; i++)
      tail[i] = letters[random[i] % (sizeof letters - 1)];
    if (__syscall_mkdir(template_, 0700) == 0)
      return template_;
    if (errno != EEXIST)
      return NULL;
  }
  return NULL;
}

/* ---- random bytes */

ssize_t getrandom(void *buf, size_t buflen, unsigned int flags) { return __syscall_getrandom(buf, buflen, flags); }

int getentropy(void *buffer, size_t length) {
  if (length > 256) {
    errno = EIO;
    return -1;
  }
  return __syscall_getrandom(buffer, length, 0) < 0 ? -1 : 0;
}

/* ---- locks of the rest of a file */

int lockf(int fd, int cmd, off_t len) {
  struct flock lock = { 0 };
  lock.l_type = cmd == F_ULOCK ? F_UNLCK : F_WRLCK;
  lock.l_whence = SEEK_CUR;
  lock.l_len = len;
  switch (cmd) {
  case F_TEST:
    if (__syscall_fcntl_lock(fd, F_GETLK, &lock) < 0)
      return -1;
    if (lock.l_type == F_UNLCK || lock.l_pid == __syscall_getpid())
      return 0;
    errno = EACCES;
    return -1;
  case F_ULOCK:
  case F_TLOCK:
    return __syscall_fcntl_lock(fd, F_SETLK, &lock);
  case F_LOCK:
    return __syscall_fcntl_lock(fd, F_SETLKW, &lock);
  }
  errno = EINVAL;
  return -1;
}

