/* err.h, error.h: a message and perhaps the end. */

#include <err.h>
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char *program_invocation_name;
extern char *program_invocation_short_name;

void vwarnx(const char *fmt, va_list ap) {
  fprintf(stderr, "%s: ", program_invocation_short_name);
  if (fmt)
    vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
}

void vwarn(const char *fmt, va_list ap) {
  int errnum = errno;
  fprintf(stderr, "%s: ", program_invocation_short_name);
  if (fmt) {
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, ": %s\n", strerror(errnum));
  } else {
    fprintf(stderr, "%s\n", strerror(errnum));
  }
  errno = errnum;
}

void warn(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vwarn(fmt, ap);
  va_end(ap);
}

void warnx(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vwarnx(fmt, ap);
  va_end(ap);
}

void verr(int eval, const char *fmt, va_list ap) {
  vwarn(fmt, ap);
  exit(eval);
}

void verrx(int eval, const char *fmt, va_list ap) {
  vwarnx(fmt, ap);
  exit(eval);
}

void err(int eval, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vwarn(fmt, ap);
  va_end(ap);
  exit(eval);
}

void errx(int eval, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vwarnx(fmt, ap);
  va_end(ap);
  exit(eval);
}

unsigned int error_message_count;

void error(int status, int errnum, const char *format, ...) {
  fflush(stdout);
  fprintf(stderr, "%s: ", program_invocation_name);
  va_list ap;
  va_start(ap, format);
  vfprintf(stderr, format, ap);
  va_end(ap);
  error_message_count++;
  if (errnum)
    fprintf(stderr, ": %s", strerror(errnum));
  fputc('\n', stderr);
  if (status)
    exit(status);
}
