/* string.h, strings.h, ctype.h: the C around the Rust leaves (`__libc_*`). */

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *memcpy(void *dest, const void *src, size_t n) { return __libc_memcpy(dest, src, n); }
void *memmove(void *dest, const void *src, size_t n) { return __builtin_memmove(dest, src, n); }
void *memset(void *s, int c, size_t n) { return __libc_memset(s, c, n); }
int memcmp(const void *s1, const void *s2, size_t n) { return __libc_memcmp(s1, s2, n); }
void *memchr(const void *s, int c, size_t n) { return __libc_memchr(s, c, n); }
size_t strlen(const char *s) { return __libc_strlen(s); }
size_t strnlen(const char *s, size_t maxlen) { return __libc_strnlen(s, maxlen); }
char *strcpy(char *dest, const char *src) { return __libc_strcpy(dest, src); }
char *strncpy(char *dest, const char *src, size_t n) { return __libc_strncpy(dest, src, n); }
char *strcat(char *dest, const char *src) { return __libc_strcat(dest, src); }
char *strncat(char *dest, const char *src, size_t n) { return __libc_strncat(dest, src, n); }
int strcmp(const char *s1, const char *s2) { return __libc_strcmp(s1, s2); }
int strncmp(const char *s1, const char *s2, size_t n) { return __libc_strncmp(s1, s2, n); }
int strcoll(const char *s1, const char *s2) { return __libc_strcmp(s1, s2); }
char *strchr(const char *s, int c) { return __libc_strchr(s, c); }
char *strrchr(const char *s, int c) { return __libc_strrchr(s, c); }
char *strstr(const char *haystack, const char *needle) { return __libc_strstr(haystack, needle, 0); }
size_t strspn(const char *s, const char *accept) { return __libc_strspn(s, accept, 0); }
size_t strcspn(const char *s, const char *reject) { return __libc_strspn(s, reject, 1); }
int strcasecmp(const char *s1, const char *s2) { return __libc_strncasecmp(s1, s2, (size_t)-1); }
int strncasecmp(const char *s1, const char *s2, size_t n) { return __libc_strncasecmp(s1, s2, n); }

size_t strxfrm(char *dest, const char *src, size_t n) {
  size_t len = __libc_strlen(src);
  if (n > 0)
    __libc_memcpy(dest, src, len < n ? len + 1 : n);
  return len;
}

char *strpbrk(const char *s, const char *accept) {
  s += __libc_strspn(s, accept, 1);
  return *s ? (char *)s : NULL;
}

char *strtok_r(char *str, const char *delim, char **saveptr) {
  if (!str)
    str = *saveptr;
  if (*str == '\0') {
    *saveptr = str;
    return NULL;
  }
  str += __libc_strspn(str, delim, 0);
  if (*str == '\0') {
    *saveptr = str;
    return NULL;
  }
  char *end = str + __libc_strspn(str, delim, 1);
  if (*end == '\0') {
    *saveptr = end;
    return str;
  }
  *end = '\0';
  *saveptr = end + 1;
  return str;
}

static char *__strtok_next;

char *strtok(char *str, const char *delim) { return strtok_r(str, delim, &__strtok_next); }

char *strdup(const char *s) {
  size_t size = __libc_strlen(s) + 1;
  char *copy = __builtin_malloc(size);
  return copy ? __libc_memcpy(copy, s, size) : NULL;
}

/* strerror(3): the texts of glibc in the C locale; a test compares them with the abi crate's. */
static const char *const __error_texts[] = {
  "Success",
  "Operation not permitted",
  "No such file or directory",
  "No such process",
  "Interrupted system call",
  "Input/output error",
  "No such device or address",
  "Argument list too long",
  "Exec format error",
  "Bad file descriptor",
  "No child processes",
  "Resource temporarily unavailable",
  "Cannot allocate memory",
  "Permission denied",
  "Bad address",
  "Block device required",
  "Device or resource busy",
  "File exists",
  "Invalid cross-device link",
  "No such device",
  "Not a directory",
  "Is a directory",
  "Invalid argument",
  "Too many open files in system",
  "Too many open files",
  "Inappropriate ioctl for device",
  "Text file busy",
  "File too large",
  "No space left on device",
  "Illegal seek",
  "Read-only file system",
  "Too many links",
  "Broken pipe",
  "Numerical argument out of domain",
  "Numerical result out of range",
  "Resource deadlock avoided",
  "File name too long",
  "No locks available",
  "Function not implemented",
  "Directory not empty",
  "Too many levels of symbolic links",
  NULL,
  "No message of desired type",
  "Identifier removed",
  "Channel number out of range",
  "Level 2 not synchronized",
  "Level 3 halted",
  "Level 3 reset",
  "Link number out of range",
  "Protocol driver not attached",
  "No CSI structure available",
  "Level 2 halted",
  "Invalid exchange",
  "Invalid request descriptor",
  "Exchange full",
  "No anode",
  "Invalid request code",
  "Invalid slot",
  NULL,
  "Bad font file format",
  "Device not a stream",
  "No data available",
  "Timer expired",
  "Out of streams resources",
  "Machine is not on the network",
  "Package not installed",
  "Object is remote",
  "Link has been severed",
  "Advertise error",
  "Srmount error",
  "Communication error on send",
  "Protocol error",
  "Multihop attempted",
  "RFS specific error",
  "Bad message",
  "Value too large for defined data type",
  "Name not unique on network",
  "File descriptor in bad state",
  "Remote address changed",
  "Can not access a needed shared library",
  "Accessing a corrupted shared library",
  ".lib section in a.out corrupted",
  "Attempting to link in too many shared libraries",
  "Cannot exec a shared library directly",
  "Invalid or incomplete multibyte or wide character",
  "Interrupted system call should be restarted",
  "Streams pipe error",
  "Too many users",
  "Socket operation on non-socket",
  "Destination address required",
  "Message too long",
  "Protocol wrong type for socket",
  "Protocol not available",
  "Protocol not supported",
  "Socket type not supported",
  "Operation not supported",
  "Protocol family not supported",
  "Address family not supported by protocol",
  "Address already in use",
  "Cannot assign requested address",
  "Network is down",
  "Network is unreachable",
  "Network dropped connection on reset",
  "Software caused connection abort",
  "Connection reset by peer",
  "No buffer space available",
  "Transport endpoint is already connected",
  "Transport endpoint is not connected",
  "Cannot send after transport endpoint shutdown",
  "Too many references: cannot splice",
  "Connection timed out",
  "Connection refused",
  "Host is down",
  "No route to host",
  "Operation already in progress",
  "Operation now in progress",
  "Stale file handle",
  "Structure needs cleaning",
  "Not a XENIX named type file",
  "No XENIX semaphores available",
  "Is a named type file",
  "Remote I/O error",
  "Disk quota exceeded",
  "No medium found",
  "Wrong medium type",
  "Operation canceled",
  "Required key not available",
  "Key has expired",
  "Key has been revoked",
  "Key was rejected by service",
  "Owner died",
  "State not recoverable",
  "Operation not possible due to RF-kill",
  "Memory page has hardware error",
};

static char __unknown_error[32];

static char *__unknown(const char *what, int number, char *to) {
  char digits[12];
  int at = sizeof digits;
  unsigned int value = number < 0 ? 0u - (unsigned int)number : (unsigned int)number;
  digits[--at] = '\0';
  do
    digits[--at] = (char)('0' + value % 10);
  while (value /= 10);
  if (number < 0)
    digits[--at] = '-';
  __libc_strcpy(to, what);
  return __libc_strcat(to, digits + at);
}

static const char *__error_text(int errnum) {
  if (errnum >= 0 && errnum < (int)(sizeof __error_texts / sizeof *__error_texts))
    return __error_texts[errnum];
  return NULL;
}

char *strerror(int errnum) {
  const char *text = __error_text(errnum);
  return text ? (char *)text : __unknown("Unknown error ", errnum, __unknown_error);
}

#ifdef _WIN32

char *_strdup(const char *s) { return strdup(s); }
int _stricmp(const char *s1, const char *s2) { return __libc_strncasecmp(s1, s2, (size_t)-1); }
int _strnicmp(const char *s1, const char *s2, size_t n) { return __libc_strncasecmp(s1, s2, n); }
int stricmp(const char *s1, const char *s2) { return __libc_strncasecmp(s1, s2, (size_t)-1); }
int strnicmp(const char *s1, const char *s2, size_t n) { return __libc_strncasecmp(s1, s2, n); }

char *strlwr(char *s) {
  for (char *p = s; *p; p++)
    *p = (char)tolower((unsigned char)*p);
  return s;
}

char *strupr(char *s) {
  for (char *p = s; *p; p++)
    *p = (char)toupper((unsigned char)*p);
  return s;
}

char *strrev(char *s) {
  size_t len = __libc_strlen(s);
  for (size_t i = 0; i < len / 2; i++) {
    char c = s[i];
    s[i] = s[len - 1 - i];
    s[len - 1 - i] = c;
  }
  return s;
}

#else

void *memccpy(void *dest, const void *src, int c, size_t n) {
  void *found = __libc_memchr(src, c, n);
  size_t len = found ? (size_t)((char *)found - (const char *)src) + 1 : n;
  __libc_memcpy(dest, src, len);
  return found ? (char *)dest + len : NULL;
}

char *strndup(const char *s, size_t n) {
  size_t len = __libc_strnlen(s, n);
  char *copy = __builtin_malloc(len + 1);
  if (!copy)
    return NULL;
  __libc_memcpy(copy, s, len);
  copy[len] = '\0';
  return copy;
}

int __xpg_strerror_r(int errnum, char *buf, size_t buflen) {
  char unknown[32];
  const char *text = __error_text(errnum);
  int result = text ? 0 : EINVAL;
  if (!text)
    text = __unknown("Unknown error ", errnum, unknown);
  size_t len = __libc_strlen(text);
  if (buflen == 0)
    return ERANGE;
  if (len >= buflen) {
    __libc_memcpy(buf, text, buflen - 1);
    buf[buflen - 1] = '\0';
    return ERANGE;
  }
  __libc_strcpy(buf, text);
  return result;
}

char *strerror_r(int errnum, char *buf, size_t buflen) {
  const char *text = __error_text(errnum);
  if (text)
    return (char *)text;
  __xpg_strerror_r(errnum, buf, buflen);
  return buf;
}

const char *strerrordesc_np(int errnum) { return __error_text(errnum); }

char *strsep(char **stringp, const char *delim) {
  char *start = *stringp;
  if (!start)
    return NULL;
  char *end = start + __libc_strspn(start, delim, 1);
  if (*end) {
    *end = '\0';
    *stringp = end + 1;
  } else {
    *stringp = NULL;
  }
  return start;
}

char *stpcpy(char *dest, const char *src) {
  size_t len = __libc_strlen(src);
  __libc_strcpy(dest, src);
  return dest + len;
}

char *stpncpy(char *dest, const char *src, size_t n) {
  size_t len = __libc_strnlen(src, n);
  __libc_strncpy(dest, src, n);
  return dest + len;
}

void explicit_bzero(void *s, size_t n) { __libc_memset(s, 0, n); }
char *strcasestr(const char *haystack, const char *needle) { return __libc_strstr(haystack, needle, 1); }
void *mempcpy(void *dest, const void *src, size_t n) { return (char *)__libc_memcpy(dest, src, n) + n; }

void *memmem(const void *haystack, size_t haystacklen, const void *needle, size_t needlelen) {
  for (size_t i = 0; i + needlelen <= haystacklen; i++)
    if (__libc_memcmp((const char *)haystack + i, needle, needlelen) == 0)
      return (char *)haystack + i;
  return NULL;
}

void *memrchr(const void *s, int c, size_t n) {
  const unsigned char *bytes = s;
  while (n-- > 0)
    if (bytes[n] == (unsigned char)c)
      return (void *)(bytes + n);
  return NULL;
}

void *rawmemchr(const void *s, int c) { return __libc_memchr(s, c, (size_t)-1); }

char *strchrnul(const char *s, int c) {
  char *found = __libc_strchr(s, c);
  return found ? found : (char *)s + __libc_strlen(s);
}

int bcmp(const void *s1, const void *s2, size_t n) { return __libc_memcmp(s1, s2, n); }
void bcopy(const void *src, void *dest, size_t n) { __builtin_memmove(dest, src, n); }
void bzero(void *s, size_t n) { __libc_memset(s, 0, n); }
char *index(const char *s, int c) { return __libc_strchr(s, c); }
char *rindex(const char *s, int c) { return __libc_strrchr(s, c); }

int ffsll(long long i) {
  for (int bit = 0; bit < 64; bit++)
    if ((unsigned long long)i >> bit & 1)
      return bit + 1;
  return 0;
}

int ffs(int i) { return ffsll((unsigned int)i); }
int ffsl(long i) { return ffsll(i); }

/* strsignal(3). */
static const char *const __signal_texts[] = {
  NULL,
  "Hangup",
  "Interrupt",
  "Quit",
  "Illegal instruction",
  "Trace/breakpoint trap",
  "Aborted",
  "Bus error",
  "Floating point exception",
  "Killed",
  "User defined signal 1",
  "Segmentation fault",
  "User defined signal 2",
  "Broken pipe",
  "Alarm clock",
  "Terminated",
  "Stack fault",
  "Child exited",
  "Continued",
  "Stopped (signal)",
  "Stopped",
  "Stopped (tty input)",
  "Stopped (tty output)",
  "Urgent I/O condition",
  "CPU time limit exceeded",
  "File size limit exceeded",
  "Virtual timer expired",
  "Profiling timer expired",
  "Window changed",
  "I/O possible",
  "Power failure",
  "Bad system call",
};
static char __unknown_signal[32];

char *strsignal(int sig) {
  if (sig > 0 && sig < (int)(sizeof __signal_texts / sizeof *__signal_texts))
    return (char *)__signal_texts[sig];
  if (sig >= 34 && sig <= 64)
    return __unknown("Real-time signal ", sig - 34, __unknown_signal);
  return __unknown("Unknown signal ", sig, __unknown_signal);
}

const char *sigdescr_np(int sig) {
  return sig > 0 && sig < 32 ? __signal_texts[sig] : NULL;
}

static const char *const __signal_names[] = { NULL,
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "POLL",
  "PWR",
  "SYS",
};

const char *sigabbrev_np(int sig) { return sig > 0 && sig < 32 ? __signal_names[sig] : NULL; }

static const char *const __error_names[] = {
  "0",
  "EPERM",
  "ENOENT",
  "ESRCH",
  "EINTR",
  "EIO",
  "ENXIO",
  "E2BIG",
  "ENOEXEC",
  "EBADF",
  "ECHILD",
  "EAGAIN",
  "ENOMEM",
  "EACCES",
  "EFAULT",
  "ENOTBLK",
  "EBUSY",
  "EEXIST",
  "EXDEV",
  "ENODEV",
  "ENOTDIR",
  "EISDIR",
  "EINVAL",
  "ENFILE",
  "EMFILE",
  "ENOTTY",
  "ETXTBSY",
  "EFBIG",
  "ENOSPC",
  "ESPIPE",
  "EROFS",
  "EMLINK",
  "EPIPE",
  "EDOM",
  "ERANGE",
  "EDEADLK",
  "ENAMETOOLONG",
  "ENOLCK",
  "ENOSYS",
  "ENOTEMPTY",
  "ELOOP",
  NULL,
  "ENOMSG",
  "EIDRM",
  "ECHRNG",
  "EL2NSYNC",
  "EL3HLT",
  "EL3RST",
  "ELNRNG",
  "EUNATCH",
  "ENOCSI",
  "EL2HLT",
  "EBADE",
  "EBADR",
  "EXFULL",
  "ENOANO",
  "EBADRQC",
  "EBADSLT",
  NULL,
  "EBFONT",
  "ENOSTR",
  "ENODATA",
  "ETIME",
  "ENOSR",
  "ENONET",
  "ENOPKG",
  "EREMOTE",
  "ENOLINK",
  "EADV",
  "ESRMNT",
  "ECOMM",
  "EPROTO",
  "EMULTIHOP",
  "EDOTDOT",
  "EBADMSG",
  "EOVERFLOW",
  "ENOTUNIQ",
  "EBADFD",
  "EREMCHG",
  "ELIBACC",
  "ELIBBAD",
  "ELIBSCN",
  "ELIBMAX",
  "ELIBEXEC",
  "EILSEQ",
  "ERESTART",
  "ESTRPIPE",
  "EUSERS",
  "ENOTSOCK",
  "EDESTADDRREQ",
  "EMSGSIZE",
  "EPROTOTYPE",
  "ENOPROTOOPT",
  "EPROTONOSUPPORT",
  "ESOCKTNOSUPPORT",
  "EOPNOTSUPP",
  "EPFNOSUPPORT",
  "EAFNOSUPPORT",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "ENETDOWN",
  "ENETUNREACH",
  "ENETRESET",
  "ECONNABORTED",
  "ECONNRESET",
  "ENOBUFS",
  "EISCONN",
  "ENOTCONN",
  "ESHUTDOWN",
  "ETOOMANYREFS",
  "ETIMEDOUT",
  "ECONNREFUSED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EALREADY",
  "EINPROGRESS",
  "ESTALE",
  "EUCLEAN",
  "ENOTNAM",
  "ENAVAIL",
  "EISNAM",
  "EREMOTEIO",
  "EDQUOT",
  "ENOMEDIUM",
  "EMEDIUMTYPE",
  "ECANCELED",
  "ENOKEY",
  "EKEYEXPIRED",
  "EKEYREVOKED",
  "EKEYREJECTED",
  "EOWNERDEAD",
  "ENOTRECOVERABLE",
  "ERFKILL",
  "EHWPOISON",
};

const char *strerrorname_np(int errnum) {
  return errnum >= 0 && errnum < 134 ? __error_names[errnum] : NULL;
}

#endif

/* ctype.h: the C locale, and EOF belongs to no class. */
int isdigit(int c) { return c >= '0' && c <= '9' ? 2048 : 0; }
int isupper(int c) { return c >= 'A' && c <= 'Z' ? 256 : 0; }
int islower(int c) { return c >= 'a' && c <= 'z' ? 512 : 0; }
int isalpha(int c) { return (c | 32) >= 'a' && (c | 32) <= 'z' ? 1024 : 0; }
int isalnum(int c) { return isalpha(c) || isdigit(c) ? 8 : 0; }
int isxdigit(int c) { return isdigit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f') ? 4096 : 0; }
int isspace(int c) { return c == ' ' || (c >= '\t' && c <= '\r') ? 8192 : 0; }
int isblank(int c) { return c == ' ' || c == '\t' ? 1 : 0; }
int iscntrl(int c) { return (c >= 0 && c < 32) || c == 127 ? 2 : 0; }
int isprint(int c) { return c >= 32 && c < 127 ? 16384 : 0; }
int isgraph(int c) { return c > 32 && c < 127 ? 32768 : 0; }
int ispunct(int c) { return isgraph(c) && !isalnum(c) ? 4 : 0; }
int tolower(int c) { return isupper(c) ? c + 32 : c; }
int toupper(int c) { return islower(c) ? c - 32 : c; }
int isascii(int c) { return c >= 0 && c < 128; }
int toascii(int c) { return c & 127; }
