/* stdio.h. Streams are real FILE structures, and bytes reach write(2) as glibc sends them: a
   terminal is line-buffered, everything else fully, stderr not at all; fork(2) copies what is in
   the buffers; exit(3) flushes, _exit(2) does not.

   The machine's threads can be interrupted between any two instructions, so once there is a
   second thread every function takes the stream's lock (`__lock`, `__unlock`). */

#define _GNU_SOURCE 1 /* fopencookie(3) */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
/* The kernel's numbers, not Windows'. */
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 64
#define O_EXCL 128
#define O_TRUNC 512
#define O_APPEND 1024
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#define F_UNBUFFERED 0x0002
#define F_NO_READS 0x0004
#define F_NO_WRITES 0x0008
#define F_EOF_SEEN 0x0010
#define F_ERR_SEEN 0x0020
#define F_USER_BUF 0x0001
#define F_LINE_BUF 0x0200
#define F_CURRENTLY_PUTTING 0x0800
#define F_APPENDING 0x1000
/* The buffer is memory to be read (sscanf) or written and grown (open_memstream), not a file. */
#define F_STRING 0x10000
#define F_USED 0x20000
/* A stream of wide characters, or said to be of bytes, fwide(3). */
#define F_WIDE 0x40000
#define F_BYTES 0x80000
#define F_COOKIE 0x100000
/* It became wide in the C locale, and stays so. */
#define F_ASCII 0x200000

struct _IO_FILE {
  int _flags;
  char *_IO_read_ptr;
  char *_IO_read_end;
  char *_IO_read_base;
  char *_IO_write_base;
  char *_IO_write_ptr;
  char *_IO_write_end;
  char *_IO_buf_base;
  char *_IO_buf_end;
  struct _IO_FILE *_chain;
  int _fileno;
  int _lock_word;
  int _lock_owner;
  int _lock_count;
  char **_memory_at;
  size_t *_memory_size;
  char _pushed_back[8];
  char _shortbuf[1];
  char _offset_known;
  long long _offset; /* where the descriptor stands, if that is known */
#ifndef _WIN32
  void *_cookie; /* of fopencookie(3): whoever reads and writes instead of the descriptor */
  cookie_io_functions_t _by;
#endif
};

static struct _IO_FILE __stderr_file = { ._flags = F_UNBUFFERED | F_NO_READS, ._fileno = 2 };
static struct _IO_FILE __stdout_file = { ._flags = F_NO_READS, ._fileno = 1, ._chain = &__stderr_file };
static struct _IO_FILE __stdin_file = { ._flags = F_NO_WRITES, ._fileno = 0, ._chain = &__stdout_file };
FILE *stdin = &__stdin_file;
FILE *stdout = &__stdout_file;
FILE *stderr = &__stderr_file;
static FILE *__open_files = &__stdin_file;

/* Whether the locale's characters are Unicode's, setlocale(3). */
int __libc_utf8;

/* Set by pthread_create(3): until then no lock is taken. */
int __libc_threaded;

static void __lock(FILE *f) {
  if (!__libc_threaded || (f->_flags & F_STRING))
    return;
  int me = __libc_tid();
  if (__libc_load(&f->_lock_owner) == me) {
    f->_lock_count++;
    return;
  }
  if (__libc_cas(&f->_lock_word, 0, 1) != 0)
    while (__libc_swap(&f->_lock_word, 2) != 0)
      __syscall_futex_wait(&f->_lock_word, 2, NULL);
  __libc_store(&f->_lock_owner, me);
  f->_lock_count = 1;
}

static void __unlock(FILE *f) {
  if (!__libc_threaded || (f->_flags & F_STRING) || __libc_load(&f->_lock_owner) != __libc_tid())
    return;
  if (--f->_lock_count > 0)
    return;
  __libc_store(&f->_lock_owner, 0);
  if (__libc_swap(&f->_lock_word, 0) == 2)
    __syscall_futex_wake(&f->_lock_word, 1);
}

/* After fork(2) only the caller lives: locks that other threads held are free. */
void __stdio_forked(void) {
  for (FILE *f = __open_files; f; f = f->_chain)
    if (f->_lock_owner != __libc_tid()) {
      f->_lock_word = 0;
      f->_lock_owner = 0;
      f->_lock_count = 0;
    }
}

/* ---- what is behind the buffer: a descriptor, or somebody's functions */

#ifdef _WIN32
#define __file_read(f, to, len) __syscall_read((f)->_fileno, to, len)
#define __file_write(f, data, len) __syscall_write((f)->_fileno, data, len)
#define __file_seek(f, offset, whence) __syscall_lseek((f)->_fileno, offset, whence)
#define __file_close(f) __syscall_close((f)->_fileno)
#else
static ssize_t __file_read(FILE *f, char *to, size_t len) {
  if (!(f->_flags & F_COOKIE))
    return __syscall_read(f->_fileno, to, len);
  return f->_by.read ? f->_by.read(f->_cookie, to, len) : 0;
}

static ssize_t __file_write(FILE *f, const char *data, size_t len) {
  if (!(f->_flags & F_COOKIE))
    return __syscall_write(f->_fileno, data, len);
  ssize_t written = f->_by.write ? f->_by.write(f->_cookie, data, len) : (ssize_t)len;
  return written > 0 ? written : -1;
}

static long long __file_seek(FILE *f, long long offset, int whence) {
  off64_t at = offset;
  if (!(f->_flags & F_COOKIE))
    return __syscall_lseek(f->_fileno, offset, whence);
  if (f->_by.seek && f->_by.seek(f->_cookie, &at, whence) == 0)
    return at;
  errno = ESPIPE;
  return -1;
}

static int __file_close(FILE *f) {
  if (!(f->_flags & F_COOKIE))
    return __syscall_close(f->_fileno);
  return f->_by.close ? f->_by.close(f->_cookie) : 0;
}
#endif

/* ---- buffers */

static void __set_buffer(FILE *f, char *base, char *end) {
  f->_IO_buf_base = base;
  f->_IO_buf_end = end;
}

/* Gives the stream a buffer of the file's block size, when it is first needed. */
static void __allocate_buffer(FILE *f) {
  if (f->_IO_buf_base)
    return;
  if (f->_flags & F_UNBUFFERED) {
    __set_buffer(f, f->_shortbuf, f->_shortbuf + 1);
    return;
  }
  size_t size = BUFSIZ;
#ifdef _WIN32
  size = 4096;
  if (f == stdout)
    f->_flags |= F_LINE_BUF;
#else
  struct stat st;
  if (f->_fileno >= 0) {
    int saved = errno;
    if (__syscall_fstat(f->_fileno, &st) >= 0) {
      if (S_ISCHR(st.st_mode))
        f->_flags |= F_LINE_BUF;
      if (st.st_blksize > 0)
        size = (size_t)st.st_blksize;
    }
    errno = saved;
  }
#endif
  char *base = __builtin_malloc(size);
  __set_buffer(f, base, base + size);
}

static void __free_buffer(FILE *f) {
  if (f->_IO_buf_base && f->_IO_buf_base != f->_shortbuf && !(f->_flags & (F_USER_BUF | F_STRING)))
    __builtin_free(f->_IO_buf_base);
  __set_buffer(f, NULL, NULL);
}

static void __set_read(FILE *f, char *base, char *ptr, char *end) {
  f->_IO_read_base = base;
  f->_IO_read_ptr = ptr;
  f->_IO_read_end = end;
}

/* open_memstream(3): makes room and tells the program where its bytes are. */
static int __grow_memory(FILE *f, size_t more) {
  size_t used = (size_t)(f->_IO_write_ptr - f->_IO_buf_base);
  size_t room = (size_t)(f->_IO_buf_end - f->_IO_buf_base);
  if (used + more + 1 > room) {
    size_t bigger = 2 * room > used + more + 1 ? 2 * room : used + more + 1;
    char *base = __builtin_malloc(bigger);
    if (!base)
      return EOF;
    __libc_memcpy(base, f->_IO_buf_base, used);
    __builtin_free(f->_IO_buf_base);
    __set_buffer(f, base, base + bigger);
    f->_IO_write_base = base;
    f->_IO_write_ptr = base + used;
    f->_IO_write_end = base + bigger;
  }
  return 0;
}

/* Writes bytes to the file until all are written; how many were. */
static size_t __write_all(FILE *f, const char *data, size_t len) {
  size_t left = len;
  while (left > 0) {
    ssize_t n = __file_write(f, data, left);
    if (n < 0) {
      f->_flags |= F_ERR_SEEN;
      break;
    }
    data += n;
    left -= (size_t)n;
  }
  f->_offset += (long long)(len - left);
  return len - left;
}

/* Sends bytes past the buffer, which is empty afterwards. */
static size_t __do_write(FILE *f, const char *data, size_t len) {
  if (f->_flags & F_APPENDING) {
    f->_offset_known = 0;
  } else if (f->_IO_read_end != f->_IO_write_base && f->_IO_read_end) {
    long long at = __file_seek(f, f->_IO_write_base - f->_IO_read_end, SEEK_CUR);
    if (at < 0)
      return 0;
    f->_offset = at;
    f->_offset_known = 1;
  }
  size_t count = __write_all(f, data, len);
  __set_read(f, f->_IO_buf_base, f->_IO_buf_base, f->_IO_buf_base);
  f->_IO_write_base = f->_IO_buf_base;
  f->_IO_write_ptr = f->_IO_buf_base;
  f->_IO_write_end = f->_flags & (F_LINE_BUF | F_UNBUFFERED) ? f->_IO_buf_base : f->_IO_buf_end;
  return count;
}

static int __flush_writes(FILE *f) {
  size_t len = (size_t)(f->_IO_write_ptr - f->_IO_write_base);
  if (f->_flags & F_STRING)
    return 0;
  return len == 0 || __do_write(f, f->_IO_write_base, len) == len ? 0 : EOF;
}

/* Puts the stream into writing mode. */
static int __begin_writing(FILE *f) {
  if (f->_flags & F_NO_WRITES) {
    f->_flags |= F_ERR_SEEN;
    errno = EBADF;
    return EOF;
  }
  f->_flags |= F_USED;
  if (!(f->_flags & F_CURRENTLY_PUTTING) || !f->_IO_write_base) {
    if (!f->_IO_write_base) {
      __allocate_buffer(f);
      if (!f->_IO_read_base)
        __set_read(f, f->_IO_buf_base, f->_IO_buf_base, f->_IO_buf_base);
    }
    if (f->_IO_read_ptr == f->_IO_buf_end)
      f->_IO_read_end = f->_IO_read_ptr = f->_IO_buf_base;
    f->_IO_write_ptr = f->_IO_read_ptr;
    f->_IO_write_base = f->_IO_write_ptr;
    f->_IO_write_end = f->_IO_buf_end;
    f->_IO_read_base = f->_IO_read_ptr = f->_IO_read_end;
    f->_flags |= F_CURRENTLY_PUTTING;
    if (f->_flags & (F_LINE_BUF | F_UNBUFFERED))
      f->_IO_write_end = f->_IO_write_ptr;
  }
  return 0;
}

/* A character for which the fast path has no room, or (EOF) a flush. */
static int __overflow(FILE *f, int c) {
  if (__begin_writing(f) == EOF)
    return EOF;
  if (c == EOF)
    return __flush_writes(f);
  if (f->_flags & F_STRING) {
    if (__grow_memory(f, 1) == EOF)
      return EOF;
  } else if (f->_IO_write_ptr == f->_IO_buf_end && __flush_writes(f) == EOF) {
    return EOF;
  }
  *f->_IO_write_ptr++ = (char)c;
  if ((f->_flags & F_UNBUFFERED) || ((f->_flags & F_LINE_BUF) && c == '\n'))
    if (__flush_writes(f) == EOF)
      return EOF;
  return (unsigned char)c;
}

static int __put(FILE *f, int c) {
  if (f->_IO_write_ptr < f->_IO_write_end) {
    *f->_IO_write_ptr++ = (char)c;
    return (unsigned char)c;
  }
  return __overflow(f, (unsigned char)c);
}

/* Many bytes at once: fills the buffer, flushes, sends whole blocks directly, keeps the rest. */
static size_t __put_all(FILE *f, const char *data, size_t len) {
  if (len == 0)
    return 0;
  if (f->_flags & F_STRING) {
    if (__begin_writing(f) == EOF || __grow_memory(f, len) == EOF)
      return 0;
    __libc_memcpy(f->_IO_write_ptr, data, len);
    f->_IO_write_ptr += len;
    return len;
  }
  size_t left = len;
  size_t room = 0;
  int must_flush = 0;
  if ((f->_flags & F_LINE_BUF) && (f->_flags & F_CURRENTLY_PUTTING)) {
    room = (size_t)(f->_IO_buf_end - f->_IO_write_ptr);
    if (room >= len)
      for (const char *p = data + len; p > data;)
        if (*--p == '\n') {
          room = (size_t)(p - data) + 1;
          must_flush = 1;
          break;
        }
  } else if (f->_IO_write_end > f->_IO_write_ptr) {
    room = (size_t)(f->_IO_write_end - f->_IO_write_ptr);
  }
  if (room > 0) {
    if (room > left)
      room = left;
    __libc_memcpy(f->_IO_write_ptr, data, room);
    f->_IO_write_ptr += room;
    data += room;
    left -= room;
  }
  if (left + must_flush > 0) {
    if (__overflow(f, EOF) == EOF)
      return left == 0 ? 0 : len - left;
    size_t block = (size_t)(f->_IO_buf_end - f->_IO_buf_base);
    size_t direct = left - (block >= 128 ? left % block : 0);
    if (direct > 0) {
      size_t count = __do_write(f, data, direct);
      left -= count;
      if (count < direct)
        return len - left;
      data += direct;
    }
    /* What is left fits; a newline in it still flushes a line-buffered stream. */
    if (left > 0 && (f->_flags & F_LINE_BUF)) {
      while (left > 0) {
        if (__overflow(f, (unsigned char)*data) == EOF)
          return len - left;
        data++;
        left--;
      }
    } else if (left > 0) {
      __libc_memcpy(f->_IO_write_ptr, data, left);
      f->_IO_write_ptr += left;
      left = 0;
    }
  }
  return len - left;
}

/* ---- reading */

/* Takes the stream out of writing mode. */
static int __begin_reading(FILE *f) {
  if (f->_IO_write_ptr > f->_IO_write_base && __flush_writes(f) == EOF)
    return EOF;
  if (f->_flags & F_CURRENTLY_PUTTING) {
    f->_IO_read_base = f->_IO_buf_base;
    if (f->_IO_write_ptr > f->_IO_read_end)
      f->_IO_read_end = f->_IO_write_ptr;
    f->_IO_read_ptr = f->_IO_write_ptr;
    f->_IO_write_base = f->_IO_write_ptr = f->_IO_write_end = f->_IO_read_ptr;
    f->_flags &= ~F_CURRENTLY_PUTTING;
  }
  return 0;
}

/* Fills the buffer; the next character without taking it, or EOF. */
static int __underflow(FILE *f) {
  if (f->_flags & F_EOF_SEEN)
    return EOF;
  if (f->_flags & F_NO_READS) {
    f->_flags |= F_ERR_SEEN;
    errno = EBADF;
    return EOF;
  }
  f->_flags |= F_USED;
  if (f->_IO_read_ptr < f->_IO_read_end)
    return (unsigned char)*f->_IO_read_ptr;
  if (f->_flags & F_STRING) {
    f->_flags |= F_EOF_SEEN;
    return EOF;
  }
  __allocate_buffer(f);
  /* Someone may be waiting for a prompt: a line-buffered stdout is flushed first. */
  if ((f->_flags & (F_LINE_BUF | F_UNBUFFERED)) && f != stdout) {
    __lock(stdout);
    if ((stdout->_flags & (F_NO_WRITES | F_LINE_BUF)) == F_LINE_BUF)
      __overflow(stdout, EOF);
    __unlock(stdout);
  }
  if (__begin_reading(f) == EOF)
    return EOF;
  __set_read(f, f->_IO_buf_base, f->_IO_buf_base, f->_IO_buf_base);
  f->_IO_write_base = f->_IO_write_ptr = f->_IO_write_end = f->_IO_buf_base;
  ssize_t n = __file_read(f, f->_IO_buf_base, (size_t)(f->_IO_buf_end - f->_IO_buf_base));
  if (n <= 0) {
    f->_flags |= n == 0 ? F_EOF_SEEN : F_ERR_SEEN;
    f->_offset_known = 0;
    return EOF;
  }
  f->_IO_read_end += n;
  f->_offset += n;
  return (unsigned char)*f->_IO_read_ptr;
}

static int __get(FILE *f) {
  if (f->_IO_read_ptr < f->_IO_read_end)
    return (unsigned char)*f->_IO_read_ptr++;
  if (__underflow(f) == EOF)
    return EOF;
  return (unsigned char)*f->_IO_read_ptr++;
}

/* Many bytes at once; large requests go past the buffer in whole blocks. */
static size_t __get_all(FILE *f, char *to, size_t len) {
  size_t left = len;
  while (left > 0) {
    size_t have = (size_t)(f->_IO_read_end - f->_IO_read_ptr);
    if (have > 0) {
      if (have > left)
        have = left;
      __libc_memcpy(to, f->_IO_read_ptr, have);
      f->_IO_read_ptr += have;
      to += have;
      left -= have;
      continue;
    }
    if ((f->_flags & F_STRING) || !f->_IO_buf_base || left < (size_t)(f->_IO_buf_end - f->_IO_buf_base)) {
      if (__underflow(f) == EOF)
        break;
      continue;
    }
    if (f->_flags & F_NO_READS) {
      __underflow(f);
      break;
    }
    if (__begin_reading(f) == EOF)
      break;
    __set_read(f, f->_IO_buf_base, f->_IO_buf_base, f->_IO_buf_base);
    f->_IO_write_base = f->_IO_write_ptr = f->_IO_write_end = f->_IO_buf_base;
    size_t count = left;
    size_t block = (size_t)(f->_IO_buf_end - f->_IO_buf_base);
    if (block >= 128)
      count -= left % block;
    ssize_t n = __file_read(f, to, count);
    if (n <= 0) {
      f->_flags |= n == 0 ? F_EOF_SEEN : F_ERR_SEEN;
      break;
    }
    to += n;
    left -= (size_t)n;
    f->_offset += n;
  }
  return len - left;
}

/* Gives unread bytes back to the file, where it can be rewound. */
static int __sync(FILE *f) {
  if (f->_flags & F_STRING)
    return 0;
  if (f->_IO_write_ptr > f->_IO_write_base && __flush_writes(f) == EOF)
    return EOF;
  long unread = f->_IO_read_ptr - f->_IO_read_end;
  if (unread != 0) {
    int saved = errno;
    if (__file_seek(f, unread, SEEK_CUR) >= 0) {
      f->_IO_read_end = f->_IO_read_ptr;
    } else if (errno != ESPIPE) {
      return EOF;
    } else {
      errno = saved;
    }
  }
  f->_offset_known = 0;
  return 0;
}

int fflush(FILE *stream) {
  int result = 0;
  if (stream) {
    __lock(stream);
    result = __sync(stream);
    __unlock(stream);
    return result;
  }
  for (FILE *f = __open_files; f; f = f->_chain) {
    __lock(f);
    if (f->_IO_write_ptr > f->_IO_write_base && __overflow(f, EOF) == EOF)
      result = EOF;
    __unlock(f);
  }
  return result;
}

/* Forgets what was read ahead and what was not written yet. */
void __fpurge(FILE *stream) {
  __lock(stream);
  stream->_IO_read_ptr = stream->_IO_read_end;
  stream->_IO_write_ptr = stream->_IO_write_base;
  __unlock(stream);
}

/* exit(3): flush everything, then give back what was read ahead. */
void __stdio_exit(void) {
  fflush(NULL);
  for (FILE *f = __open_files; f; f = f->_chain)
    if (!(f->_flags & F_UNBUFFERED) && (f->_flags & F_USED) && f->_IO_read_ptr != f->_IO_read_end)
      __sync(f);
}

/* ---- opening and closing */

static FILE *__new_file(int fd, int flags) {
  FILE *f = __builtin_malloc(sizeof *f);
  if (!f)
    return NULL;
  __libc_memset(f, 0, sizeof *f);
  f->_flags = flags;
  f->_fileno = fd;
  f->_chain = __open_files;
  __open_files = f;
  return f;
}

/* The stream's flags and open(2)'s for a mode string; -1 if it is none. */
static int __parse_mode(const char *mode, int *open_flags) {
  int flags;
  switch (*mode) {
  case 'r':
    flags = F_NO_WRITES;
    *open_flags = O_RDONLY;
    break;
  case 'w':
    flags = F_NO_READS;
    *open_flags = O_WRONLY | O_CREAT | O_TRUNC;
    break;
  case 'a':
    flags = F_NO_READS | F_APPENDING;
    *open_flags = O_WRONLY | O_CREAT | O_APPEND;
    break;
  default:
    errno = EINVAL;
    return -1;
  }
  for (int i = 1; i < 7 && mode[i] && mode[i] != ','; i++) {
    if (mode[i] == '+') {
      flags &= ~(F_NO_READS | F_NO_WRITES);
      *open_flags = (*open_flags & ~(O_RDONLY | O_WRONLY)) | O_RDWR;
    } else if (mode[i] == 'x') {
      *open_flags |= O_EXCL;
#ifndef _WIN32
    } else if (mode[i] == 'e') {
      *open_flags |= O_CLOEXEC;
#endif
    }
  }
  return flags;
}

FILE *fopen(const char *pathname, const char *mode) {
  int open_flags;
  int flags = __parse_mode(mode, &open_flags);
  if (flags < 0)
    return NULL;
  int fd = __syscall_openat(pathname, open_flags, 0666);
  if (fd < 0)
    return NULL;
  FILE *f = __new_file(fd, flags);
  if ((flags & F_APPENDING) && (flags & F_NO_READS))
    __syscall_lseek(fd, 0, SEEK_END);
  return f;
}

FILE *fdopen(int fd, const char *mode) {
  int open_flags;
  int flags = __parse_mode(mode, &open_flags);
  if (flags < 0)
    return NULL;
#ifndef _WIN32
  int has = __syscall_fcntl(fd, F_GETFL, 0);
  if (has < 0)
    return NULL;
  if (((has & O_ACCMODE) == O_RDONLY && !(flags & F_NO_WRITES)) || ((has & O_ACCMODE) == O_WRONLY && !(flags & F_NO_READS))) {
    errno = EINVAL;
    return NULL;
  }
  if ((flags & F_APPENDING) && !(has & O_APPEND) && __syscall_fcntl(fd, F_SETFL, has | O_APPEND) < 0)
    return NULL;
#endif
  return __new_file(fd, flags);
}

/* A stream of a descriptor that is known to fit, for popen(3). */
FILE *__stream_of(int fd, const char *mode) {
  int open_flags;
  return __new_file(fd, __parse_mode(mode, &open_flags));
}

static void __unlink_file(FILE *f) {
  for (FILE **at = &__open_files; *at; at = &(*at)->_chain)
    if (*at == f) {
      *at = f->_chain;
      return;
    }
}

static void __memory_done(FILE *f) {
  if (f->_memory_at) {
    __begin_writing(f);
    __grow_memory(f, 0);
    *f->_IO_write_ptr = '\0';
    *f->_memory_at = f->_IO_buf_base;
    *f->_memory_size = (size_t)(f->_IO_write_ptr - f->_IO_buf_base);
  }
}

int fclose(FILE *stream) {
  __unlink_file(stream);
  __lock(stream);
  int result = 0;
  if (stream->_flags & F_STRING) {
    __memory_done(stream);
  } else {
    /* What was read ahead is lost: glibc does not give it back here. */
    result = stream->_flags & F_CURRENTLY_PUTTING ? __flush_writes(stream) : 0;
    if (__file_close(stream) < 0)
      result = EOF;
  }
  __free_buffer(stream);
  __unlock(stream);
  if (stream == stdin || stream == stdout || stream == stderr) {
    stream->_fileno = -1;
    stream->_flags |= F_NO_READS | F_NO_WRITES;
    stream->_IO_write_base = stream->_IO_write_ptr = stream->_IO_write_end = NULL;
    __set_read(stream, NULL, NULL, NULL);
  } else {
    __builtin_free(stream);
  }
  return result;
}

FILE *freopen(const char *pathname, const char *mode, FILE *stream) {
  int open_flags;
  int flags = __parse_mode(mode, &open_flags);
  if (flags < 0)
    return NULL;
  __lock(stream);
  __sync(stream);
  int old = stream->_fileno;
  int fd = __syscall_openat(pathname, open_flags, 0666);
  if (fd >= 0 && fd != old && old >= 0) {
#ifdef _WIN32
    __syscall_dup2(fd, old);
#else
    __syscall_dup3(fd, old, 0);
#endif
    __syscall_close(fd);
    fd = old;
  }
  __free_buffer(stream);
  __set_read(stream, NULL, NULL, NULL);
  stream->_IO_write_base = stream->_IO_write_ptr = stream->_IO_write_end = NULL;
  stream->_flags = flags;
  stream->_offset_known = 0;
  stream->_fileno = fd;
  __unlock(stream);
  return fd < 0 ? NULL : stream;
}

FILE *tmpfile(void) {
  static int count;
  char name[32];
  for (int tries = 0; tries < 1000; tries++) {
    snprintf(name, sizeof name, "/tmp/tmpf%06d", count++);
    int fd = __syscall_openat(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0) {
      __syscall_unlink(name);
      return __new_file(fd, 0);
    }
    if (errno != EEXIST)
      break;
  }
  return NULL;
}

int setvbuf(FILE *stream, char *buf, int mode, size_t size) {
  __lock(stream);
  int result = 0;
  if (mode == _IONBF) {
    result = __sync(stream);
    __free_buffer(stream);
    __set_read(stream, NULL, NULL, NULL);
    stream->_IO_write_base = stream->_IO_write_ptr = stream->_IO_write_end = NULL;
    stream->_flags = (stream->_flags & ~(F_LINE_BUF | F_CURRENTLY_PUTTING)) | F_UNBUFFERED;
  } else if (mode == _IOFBF || mode == _IOLBF) {
    if (mode == _IOFBF && !buf && !stream->_IO_buf_base)
      __allocate_buffer(stream); /* asks the file, and the answer is overruled below */
    stream->_flags &= ~(F_LINE_BUF | F_UNBUFFERED);
    if (mode == _IOLBF)
      stream->_flags |= F_LINE_BUF;
    if (buf && size > 0) {
      result = __sync(stream);
      __free_buffer(stream);
      __set_buffer(stream, buf, buf + size);
      stream->_flags = (stream->_flags | F_USER_BUF) & ~F_CURRENTLY_PUTTING;
      __set_read(stream, buf, buf, buf);
      stream->_IO_write_base = stream->_IO_write_ptr = stream->_IO_write_end = NULL;
    } else if (stream->_IO_write_ptr && (stream->_flags & F_CURRENTLY_PUTTING)) {
      stream->_IO_write_end = mode == _IOLBF ? stream->_IO_write_base : stream->_IO_buf_end;
    }
  } else {
    result = EOF;
  }
  __unlock(stream);
  return result;
}

void setbuf(FILE *stream, char *buf) { setvbuf(stream, buf, buf ? _IOFBF : _IONBF, BUFSIZ); }

/* ---- characters and lines */

int fputc(int c, FILE *stream) {
  __lock(stream);
  int result = __put(stream, c);
  __unlock(stream);
  return result;
}

int putc(int c, FILE *stream) { return fputc(c, stream); }
int putchar(int c) { return fputc(c, stdout); }

int fputs(const char *s, FILE *stream) {
  if (stream->_flags & F_WIDE)
    return EOF;
  size_t len = __libc_strlen(s);
  __lock(stream);
  int result = __put_all(stream, s, len) == len ? 1 : EOF;
  __unlock(stream);
  return result;
}

int puts(const char *s) {
  if (stdout->_flags & F_WIDE)
    return EOF;
  size_t len = __libc_strlen(s);
  __lock(stdout);
  int result = EOF;
  if (__put_all(stdout, s, len) == len && __put(stdout, '\n') != EOF)
    result = len + 1 > 0x7fffffff ? 0x7fffffff : (int)(len + 1);
  __unlock(stdout);
  return result;
}

size_t fwrite(const void *ptr, size_t size, size_t nmemb, FILE *stream) {
  size_t len = size * nmemb;
  if (len == 0)
    return 0;
  __lock(stream);
  size_t written = __put_all(stream, ptr, len);
  __unlock(stream);
  return written == len ? nmemb : written / size;
}

int fgetc(FILE *stream) {
  __lock(stream);
  int c = __get(stream);
  __unlock(stream);
  return c;
}

int getc(FILE *stream) { return fgetc(stream); }
int getchar(void) { return fgetc(stdin); }

int ungetc(int c, FILE *stream) {
  if (c == EOF)
    return EOF;
  __lock(stream);
  stream->_flags &= ~F_EOF_SEEN;
  if (stream->_IO_read_ptr > stream->_IO_read_base && !(stream->_flags & F_STRING)) {
    *--stream->_IO_read_ptr = (char)c;
  } else if (stream->_IO_read_ptr > stream->_IO_read_base) {
    stream->_IO_read_ptr--; /* a string that may be read-only: only what was read comes back */
  } else {
    /* Nothing was read yet: one place before an (empty) buffer. */
    __allocate_buffer(stream);
    if (stream->_IO_read_ptr == stream->_IO_read_end) {
      __set_read(stream, stream->_IO_buf_base, stream->_IO_buf_base, stream->_IO_buf_base + 1);
      *stream->_IO_read_ptr = (char)c;
    } else {
      c = EOF;
    }
  }
  __unlock(stream);
  return c == EOF ? EOF : (unsigned char)c;
}

char *fgets(char *s, int size, FILE *stream) {
  if (size <= 0)
    return NULL;
  if (size == 1) {
    s[0] = '\0';
    return s;
  }
  __lock(stream);
  int old_error = stream->_flags & F_ERR_SEEN;
  stream->_flags &= ~F_ERR_SEEN;
  size_t room = (size_t)size - 1;
  size_t count = 0;
  int done = 0;
  while (count < room && !done) {
    size_t have = (size_t)(stream->_IO_read_end - stream->_IO_read_ptr);
    if (have == 0) {
      if (__underflow(stream) == EOF)
        break;
      continue;
    }
    if (have > room - count)
      have = room - count;
    char *newline = __libc_memchr(stream->_IO_read_ptr, '\n', have);
    if (newline) {
      have = (size_t)(newline - stream->_IO_read_ptr) + 1;
      done = 1;
    }
    __libc_memcpy(s + count, stream->_IO_read_ptr, have);
    stream->_IO_read_ptr += have;
    count += have;
  }
  char *result = s;
  if (count == 0 || ((stream->_flags & F_ERR_SEEN) && errno != EAGAIN))
    result = NULL;
  else
    s[count] = '\0';
  stream->_flags |= old_error;
  __unlock(stream);
  return result;
}

char *gets(char *s) {
  size_t count = 0;
  int c;
  __lock(stdin);
  while ((c = __get(stdin)) != EOF && c != '\n')
    s[count++] = (char)c;
  __unlock(stdin);
  if (c == EOF && count == 0)
    return NULL;
  s[count] = '\0';
  return s;
}

size_t fread(void *ptr, size_t size, size_t nmemb, FILE *stream) {
  size_t len = size * nmemb;
  if (len == 0)
    return 0;
  __lock(stream);
  size_t count = __get_all(stream, ptr, len);
  __unlock(stream);
  return count == len ? nmemb : count / size;
}

void clearerr(FILE *stream) { stream->_flags &= ~(F_EOF_SEEN | F_ERR_SEEN); }
int feof(FILE *stream) { return (stream->_flags & F_EOF_SEEN) != 0; }
int ferror(FILE *stream) { return (stream->_flags & F_ERR_SEEN) != 0; }

int fileno(FILE *stream) {
  if ((stream->_flags & F_STRING) || stream->_fileno < 0) {
    errno = EBADF;
    return -1;
  }
  return stream->_fileno;
}

/* ---- positions */

static void __empty(FILE *f) {
  __set_read(f, f->_IO_buf_base, f->_IO_buf_base, f->_IO_buf_base);
  f->_IO_write_base = f->_IO_write_ptr = f->_IO_write_end = f->_IO_buf_base;
}

/* Asks the kernel, and forgets what was read ahead. */
static int __seek_plainly(FILE *f, long long offset, int whence) {
  long long at = __file_seek(f, offset, whence);
  if (at < 0)
    return -1;
  f->_flags &= ~F_EOF_SEEN;
  f->_offset = at;
  f->_offset_known = 1;
  __empty(f);
  return 0;
}

/* As glibc does it: within the buffer if it can be, else from the beginning of a block. */
static int __seek(FILE *f, long long offset, int whence) {
  if (f->_flags & F_STRING) {
    f->_flags &= ~F_EOF_SEEN;
    char *target = whence == SEEK_SET ? f->_IO_buf_base : whence == SEEK_CUR ? f->_IO_read_ptr : f->_IO_read_end;
    target += offset;
    if (target < f->_IO_buf_base || target > f->_IO_read_end) {
      errno = EINVAL;
      return -1;
    }
    f->_IO_read_ptr = target;
    return 0;
  }
  int exact = f->_IO_read_base == f->_IO_read_end && f->_IO_write_base == f->_IO_write_ptr;
  if (__begin_reading(f) == EOF)
    return -1;
  if (!f->_IO_buf_base) {
    __allocate_buffer(f);
    __empty(f);
  }
  if (whence == SEEK_CUR) {
    offset -= f->_IO_read_end - f->_IO_read_ptr;
    if (!f->_offset_known)
      return __seek_plainly(f, offset, SEEK_CUR);
    offset += f->_offset;
    if (offset < 0) {
      errno = EINVAL;
      return -1;
    }
  }
#ifdef _WIN32
  if (whence == SEEK_END)
    return __seek_plainly(f, offset, SEEK_END);
#else
  struct stat st;
  if (whence == SEEK_END) {
    if (__syscall_fstat(f->_fileno, &st) < 0 || !S_ISREG(st.st_mode))
      return __seek_plainly(f, offset, SEEK_END);
    offset += st.st_size;
  }
#endif
  if (f->_offset_known && f->_IO_read_base) {
    long long start = f->_offset - (f->_IO_read_end - f->_IO_buf_base);
    if (offset >= start && offset < f->_offset) {
      __set_read(f, f->_IO_buf_base, f->_IO_buf_base + (offset - start), f->_IO_read_end);
      f->_IO_write_base = f->_IO_write_ptr = f->_IO_write_end = f->_IO_buf_base;
      f->_flags &= ~F_EOF_SEEN;
      __file_seek(f, f->_offset, SEEK_SET);
      return 0;
    }
  }
  if (f->_flags & F_NO_READS)
    return __seek_plainly(f, offset, SEEK_SET);
  long long size = f->_IO_buf_end - f->_IO_buf_base;
  long long block = offset & ~(size - 1), rest = offset - block;
  if (rest > size) {
    block = offset;
    rest = 0;
  }
  if (__file_seek(f, block, SEEK_SET) < 0)
    return -1;
  ssize_t count = 0;
  if (rest > 0) {
    count = __file_read(f, f->_IO_buf_base, (size_t)(exact ? rest : size));
    if (count < rest)
      return __seek_plainly(f, count < 0 ? rest : rest - count, SEEK_CUR);
  }
  __empty(f);
  __set_read(f, f->_IO_buf_base, f->_IO_buf_base + rest, f->_IO_buf_base + count);
  f->_offset = block + count;
  f->_offset_known = 1;
  f->_flags &= ~F_EOF_SEEN;
  return 0;
}

static long long __tell(FILE *f) {
  if (f->_flags & F_STRING)
    return f->_IO_read_ptr - f->_IO_buf_base;
  long long from = 0;
  if (f->_IO_buf_base) {
    int unflushed = f->_IO_write_ptr > f->_IO_write_base;
    if (unflushed && (f->_flags & F_APPENDING)) {
      long long end = __file_seek(f, 0, SEEK_END);
      if (end < 0)
        return -1;
      f->_offset = end;
      f->_offset_known = 1;
    }
    from = unflushed ? f->_IO_write_ptr - f->_IO_read_end : f->_IO_read_ptr - f->_IO_read_end;
  }
  long long at = f->_offset_known ? f->_offset : __file_seek(f, 0, SEEK_CUR);
  return at < 0 ? -1 : at + from;
}

int fseek(FILE *stream, long offset, int whence) {
  __lock(stream);
  int result = __seek(stream, offset, whence);
  __unlock(stream);
  return result;
}

long ftell(FILE *stream) { return (long)__tell(stream); }

void rewind(FILE *stream) {
  __lock(stream);
  __seek(stream, 0, SEEK_SET);
  stream->_flags &= ~F_ERR_SEEN;
  __unlock(stream);
}

int fgetpos(FILE *stream, fpos_t *pos) {
  long long at = __tell(stream);
  if (at < 0)
    return -1;
#ifdef _WIN32
  *pos = at;
#else
  pos->__pos = at;
  pos->__state.__count = 0;
  pos->__state.__value = 0;
#endif
  return 0;
}

int fsetpos(FILE *stream, const fpos_t *pos) {
#ifdef _WIN32
  return __seek(stream, *pos, SEEK_SET);
#else
  return __seek(stream, pos->__pos, SEEK_SET);
#endif
}

/* ---- printf */

/* Formats into `small`, or into a block when that is too small (the caller frees what is not
   `small`); the length, or -1. `ends` tells after which bytes a line-buffered stream looks. `how`: 1 for
   characters of UTF-8, 2 where widths count characters, 4 if the first piece stands alone. */
static int __format(char **text, char *small, int small_size, int *ends, int ends_size, const char *format, va_list ap, int how) {
  va_list again;
  va_copy(again, ap);
  int len = __libc_format(small, small_size, ends, ends_size, format, ap, how);
  *text = small;
  if (len > small_size) {
    *text = __builtin_malloc(len);
    len = __libc_format(*text, len, ends, ends_size, format, again, how);
  }
  va_end(again);
  return len;
}

int vfprintf(FILE *stream, const char *format, va_list ap) {
  char small[1024];
  int ends[34];
  char *text;
  if (stream->_flags & F_NO_WRITES) {
    stream->_flags |= F_ERR_SEEN;
    errno = EBADF;
    return -1;
  }
  if (stream->_flags & F_WIDE)
    return -1;
  ends[0] = 0;
  int len = __format(&text, small, sizeof small, ends, 34, format, ap, __libc_utf8 | (stream->_flags & F_CURRENTLY_PUTTING ? 0 : 4));
  __lock(stream);
  size_t from = 0;
  int failed = 0;
  if (stream->_flags & F_UNBUFFERED) {
    /* glibc gathers the whole output for an unbuffered stream: one write. */
    size_t all = ends[0] > 0 ? (size_t)ends[ends[0]] : 0;
    failed = __put_all(stream, text, all) != all;
  } else {
    for (int i = 1; i <= ends[0] && !failed; i++) {
      size_t piece = (size_t)ends[i] - from;
      failed = __put_all(stream, text + from, piece) != piece;
      from = (size_t)ends[i];
    }
  }
  __unlock(stream);
  if (text != small)
    __builtin_free(text);
  return failed ? -1 : len;
}

int vsnprintf(char *str, size_t size, const char *format, va_list ap) {
  char small[1024];
  char *text;
  if (size > 1024 && str) {
    /* Straight into the caller's buffer, which is checked byte by byte. */
    int len = __libc_format(str, size - 1, NULL, 0, format, ap, __libc_utf8);
    if (len >= 0)
      str[(size_t)len < size - 1 ? (size_t)len : size - 1] = '\0';
    return len;
  }
  int len = __format(&text, small, sizeof small, NULL, 0, format, ap, __libc_utf8);
  if (size > 0 && len >= 0) {
    size_t kept = (size_t)len < size - 1 ? (size_t)len : size - 1;
    __libc_memcpy(str, text, kept);
    str[kept] = '\0';
  }
  if (text != small)
    __builtin_free(text);
  return len;
}

int vsprintf(char *str, const char *format, va_list ap) {
  char small[1024];
  char *text;
  int len = __format(&text, small, sizeof small, NULL, 0, format, ap, __libc_utf8);
  if (len >= 0) {
    __libc_memcpy(str, text, (size_t)len);
    str[len] = '\0';
  }
  if (text != small)
    __builtin_free(text);
  return len;
}

int vprintf(const char *format, va_list ap) { return vfprintf(stdout, format, ap); }

int fprintf(FILE *stream, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vfprintf(stream, format, ap);
  va_end(ap);
  return len;
}

int printf(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vfprintf(stdout, format, ap);
  va_end(ap);
  return len;
}

int sprintf(char *str, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vsprintf(str, format, ap);
  va_end(ap);
  return len;
}

int snprintf(char *str, size_t size, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vsnprintf(str, size, format, ap);
  va_end(ap);
  return len;
}

#ifdef _WIN32

int _snprintf(char *str, size_t size, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vsnprintf(str, size, format, ap);
  va_end(ap);
  return len;
}

int _fileno(FILE *stream) { return fileno(stream); }

void perror(const char *s) {
  if (s && *s)
    fprintf(stderr, "%s: %s\n", s, strerror(errno));
  else
    fprintf(stderr, "%s\n", strerror(errno));
}

#else

int vdprintf(int fd, const char *format, va_list ap) {
  char small[1024];
  char *text;
  int len = __format(&text, small, sizeof small, NULL, 0, format, ap, __libc_utf8);
  /* As glibc, which makes a stream of the descriptor: a buffer of its block's size, and where it
     stands. */
  int saved = errno;
#ifndef _WIN32
  struct stat st;
  __syscall_fstat(fd, &st);
#endif
  __syscall_lseek(fd, 0, SEEK_CUR);
  errno = saved;
  for (int at = 0; at < len;) {
    ssize_t n = __syscall_write(fd, text + at, (size_t)(len - at));
    if (n < 0) {
      len = -1;
      break;
    }
    at += (int)n;
  }
  if (text != small)
    __builtin_free(text);
  return len;
}

int dprintf(int fd, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vdprintf(fd, format, ap);
  va_end(ap);
  return len;
}

int vasprintf(char **strp, const char *fmt, va_list ap) {
  char small[1024];
  char *text;
  int len = __format(&text, small, sizeof small, NULL, 0, fmt, ap, __libc_utf8);
  if (len < 0)
    return -1;
  *strp = __builtin_malloc((size_t)len + 1);
  if (*strp) {
    __libc_memcpy(*strp, text, (size_t)len);
    (*strp)[len] = '\0';
  }
  if (text != small)
    __builtin_free(text);
  return *strp ? len : -1;
}

int asprintf(char **strp, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  int len = vasprintf(strp, fmt, ap);
  va_end(ap);
  return len;
}

/* perror(3). An unused stderr is left without orientation: glibc writes through a duplicate of
   its descriptor, if that can be opened for reading and writing. */
void perror(const char *s) {
  int errnum = errno;
  FILE *to = stderr;
  if (!(stderr->_flags & F_USED)) {
    int fd = __syscall_dup(stderr->_fileno);
    if (fd >= 0) {
      FILE *copy = fdopen(fd, "w+");
      if (copy)
        to = copy;
      else
        __syscall_close(fd);
    }
  }
  if (s && *s)
    fprintf(to, "%s: %s\n", s, strerror(errnum));
  else
    fprintf(to, "%s\n", strerror(errnum));
  if (to != stderr)
    fclose(to);
  errno = errnum;
}

ssize_t getdelim(char **lineptr, size_t *n, int delim, FILE *stream) {
  if (!lineptr || !n) {
    errno = EINVAL;
    return -1;
  }
  __lock(stream);
  if (!*lineptr || *n == 0) {
    *n = 120;
    *lineptr = realloc(*lineptr, *n);
  }
  size_t count = 0;
  int done = 0;
  while (!done) {
    size_t have = (size_t)(stream->_IO_read_end - stream->_IO_read_ptr);
    if (have == 0) {
      if (__underflow(stream) == EOF)
        break;
      continue;
    }
    char *found = __libc_memchr(stream->_IO_read_ptr, delim, have);
    if (found) {
      have = (size_t)(found - stream->_IO_read_ptr) + 1;
      done = 1;
    }
    if (count + have + 1 > *n) {
      size_t bigger = 2 * *n > count + have + 1 ? 2 * *n : count + have + 1;
      *lineptr = realloc(*lineptr, bigger);
      *n = bigger;
    }
    __libc_memcpy(*lineptr + count, stream->_IO_read_ptr, have);
    stream->_IO_read_ptr += have;
    count += have;
  }
  __unlock(stream);
  if (count == 0)
    return -1;
  (*lineptr)[count] = '\0';
  return (ssize_t)count;
}

ssize_t getline(char **lineptr, size_t *n, FILE *stream) { return getdelim(lineptr, n, '\n', stream); }
int fseeko(FILE *stream, off_t offset, int whence) { return fseek(stream, offset, whence); }
off_t ftello(FILE *stream) { return __tell(stream); }
void flockfile(FILE *stream) { __lock(stream); }
void funlockfile(FILE *stream) { __unlock(stream); }

int ftrylockfile(FILE *stream) {
  if (!__libc_threaded)
    return 0;
  if (__libc_load(&stream->_lock_owner) != __libc_tid() && __libc_load(&stream->_lock_word) != 0)
    return EBUSY;
  __lock(stream);
  return 0;
}

int getc_unlocked(FILE *stream) { return __get(stream); }
int getchar_unlocked(void) { return __get(stdin); }
int putc_unlocked(int c, FILE *stream) { return __put(stream, c); }
int putchar_unlocked(int c) { return __put(stdout, c); }
int fgetc_unlocked(FILE *stream) { return __get(stream); }
int fputc_unlocked(int c, FILE *stream) { return __put(stream, c); }
int fflush_unlocked(FILE *stream) { return fflush(stream); }
size_t fread_unlocked(void *ptr, size_t size, size_t n, FILE *stream) { return fread(ptr, size, n, stream); }
size_t fwrite_unlocked(const void *ptr, size_t size, size_t n, FILE *stream) { return fwrite(ptr, size, n, stream); }
char *fgets_unlocked(char *s, int n, FILE *stream) { return fgets(s, n, stream); }
int fputs_unlocked(const char *s, FILE *stream) { return fputs(s, stream); }
void clearerr_unlocked(FILE *stream) { clearerr(stream); }
int feof_unlocked(FILE *stream) { return feof(stream); }
int ferror_unlocked(FILE *stream) { return ferror(stream); }
int fileno_unlocked(FILE *stream) { return fileno(stream); }
void setbuffer(FILE *stream, char *buf, size_t size) { setvbuf(stream, buf, buf ? _IOFBF : _IONBF, size); }
void setlinebuf(FILE *stream) { setvbuf(stream, NULL, _IOLBF, 0); }

FILE *open_memstream(char **ptr, size_t *sizeloc) {
  FILE *f = __new_file(-1, F_NO_READS | F_STRING);
  char *base = __builtin_malloc(64);
  __set_buffer(f, base, base + 64);
  __set_read(f, base, base, base);
  f->_memory_at = ptr;
  f->_memory_size = sizeloc;
  __memory_done(f);
  return f;
}

FILE *fmemopen(void *buf, size_t size, const char *mode) {
  if (*mode != 'r') {
    __libc_unsupported("fmemopen for writing");
    return NULL;
  }
  FILE *f = __new_file(-1, F_NO_WRITES | F_STRING);
  __set_buffer(f, buf, (char *)buf + size);
  __set_read(f, buf, buf, (char *)buf + size);
  return f;
}

#endif

#ifdef _WIN32
int remove(const char *pathname) { return __syscall_unlink(pathname); }
#endif

/* ---- scanf's stream over a string */

static void __open_string(struct _IO_FILE *f, const char *text) {
  __libc_memset(f, 0, sizeof *f);
  f->_flags = F_NO_WRITES | F_STRING;
  f->_fileno = -1;
  char *base = (char *)text;
  size_t len = __libc_strlen(text);
  __set_buffer(f, base, base + len);
  __set_read(f, base, base, base + len);
}
