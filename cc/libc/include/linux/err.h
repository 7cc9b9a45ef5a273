#ifndef _ERR_H
#define _ERR_H 1
#include <features.h>
#ifndef __GNUC_VA_LIST
#define __GNUC_VA_LIST
typedef __builtin_va_list va_list;
#endif
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vwarn(const char *fmt, va_list ap);
void warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vwarnx(const char *fmt, va_list ap);
void err(int eval, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void verr(int eval, const char *fmt, va_list ap) __attribute__((noreturn));
void errx(int eval, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void verrx(int eval, const char *fmt, va_list ap) __attribute__((noreturn));
#endif
