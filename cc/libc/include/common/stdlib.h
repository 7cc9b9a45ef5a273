#ifndef _STDLIB_H
#define _STDLIB_H 1
#include <stddef.h>
#ifndef _WIN32
#include <sys/types.h>
#include <alloca.h>
#include <bits/waitstatus.h>
#endif
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#ifdef _WIN32
#define RAND_MAX 32767
#else
#define RAND_MAX 2147483647
#endif
#ifdef _WIN32
#define MB_CUR_MAX ((size_t)1)
#else
size_t __ctype_get_mb_cur_max(void);
#define MB_CUR_MAX (__ctype_get_mb_cur_max())
#endif
typedef struct { int quot; int rem; } div_t;
typedef struct { long quot; long rem; } ldiv_t;
typedef struct { long long quot; long long rem; } lldiv_t;
double atof(const char *nptr);
int atoi(const char *nptr);
long atol(const char *nptr);
long long atoll(const char *nptr);
double strtod(const char *nptr, char **endptr);
float strtof(const char *nptr, char **endptr);
long double strtold(const char *nptr, char **endptr);
long strtol(const char *nptr, char **endptr, int base);
unsigned long strtoul(const char *nptr, char **endptr, int base);
long long strtoll(const char *nptr, char **endptr, int base);
unsigned long long strtoull(const char *nptr, char **endptr, int base);
int rand(void);
void srand(unsigned int seed);
void *malloc(size_t size);
void *calloc(size_t nmemb, size_t size);
void *realloc(void *ptr, size_t size);
void free(void *ptr);
void abort(void) __attribute__((noreturn));
void exit(int status) __attribute__((noreturn));
void _Exit(int status) __attribute__((noreturn));
int atexit(void (*function)(void));
char *getenv(const char *name);
int system(const char *command);
void *bsearch(const void *key, const void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *));
void qsort(void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *));
int abs(int j);
long labs(long j);
long long llabs(long long j);
div_t div(int numerator, int denominator);
ldiv_t ldiv(long numerator, long denominator);
lldiv_t lldiv(long long numerator, long long denominator);
int mblen(const char *s, size_t n);
int mbtowc(wchar_t *pwc, const char *s, size_t n);
int wctomb(char *s, wchar_t wc);
size_t mbstowcs(wchar_t *dest, const char *src, size_t n);
size_t wcstombs(char *dest, const wchar_t *src, size_t n);
#ifdef _WIN32
char *_itoa(int value, char *str, int radix);
char *itoa(int value, char *str, int radix);
#ifndef __cplusplus
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#else
void *aligned_alloc(size_t alignment, size_t size);
void *reallocarray(void *ptr, size_t nmemb, size_t size);
int posix_memalign(void **memptr, size_t alignment, size_t size);
int on_exit(void (*function)(int, void *), void *arg);
int at_quick_exit(void (*function)(void));
void quick_exit(int status) __attribute__((noreturn));
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);
int putenv(char *string);
int clearenv(void);
int rand_r(unsigned int *seedp);
long random(void);
void srandom(unsigned int seed);
double drand48(void);
long lrand48(void);
long mrand48(void);
void srand48(long seedval);
char *mktemp(char *template_);
int mkstemp(char *template_);
char *mkdtemp(char *template_);
char *realpath(const char *path, char *resolved_path);
int getsubopt(char **optionp, char *const *tokens, char **valuep);
int getloadavg(double loadavg[], int nelem);
#ifdef _GNU_SOURCE
char *secure_getenv(const char *name);
void qsort_r(void *base, size_t nmemb, size_t size, int (*compar)(const void *, const void *, void *), void *arg);
#endif
#endif
#ifndef _WIN32
double erand48(unsigned short xsubi[3]);
long nrand48(unsigned short xsubi[3]);
long jrand48(unsigned short xsubi[3]);
int mkstemps(char *template_, int suffixlen);
char *ecvt(double value, int ndigit, int *decpt, int *sign);
char *fcvt(double value, int ndigit, int *decpt, int *sign);
char *gcvt(double value, int ndigit, char *buf);
#ifdef _GNU_SOURCE
int mkostemp(char *template_, int flags);
int mkostemps(char *template_, int suffixlen, int flags);
#endif
#endif
#endif
