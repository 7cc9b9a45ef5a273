#ifndef _STDIO_H
#define _STDIO_H 1
#include <features.h>
#include <bits/types.h>
#ifndef __GNUC_VA_LIST
#define __GNUC_VA_LIST
typedef __builtin_va_list va_list;
#endif
struct _IO_FILE;
typedef struct _IO_FILE FILE;
typedef struct _IO_FILE __FILE;
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
#define EOF (-1)
#ifdef _WIN32
#define BUFSIZ 512
#define FILENAME_MAX 260
#define FOPEN_MAX 20
#define L_tmpnam 14
#define TMP_MAX 32767
#define _IOFBF 0
#define _IOLBF 64
#define _IONBF 4
#ifndef __off_t_defined
#define __off_t_defined
typedef long off_t;
#endif
typedef long long fpos_t;
#else
#define BUFSIZ 8192
#define FILENAME_MAX 4096
#define FOPEN_MAX 16
#define L_tmpnam 20
#define L_ctermid 9
#define TMP_MAX 238328
#define P_tmpdir "/tmp"
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#ifndef __off_t_defined
#define __off_t_defined
typedef long off_t;
#endif
typedef struct { long __pos; struct { int __count; unsigned int __value; } __state; } fpos_t;
#endif
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
int remove(const char *pathname);
int rename(const char *oldpath, const char *newpath);
FILE *tmpfile(void);
char *tmpnam(char *s);
#ifndef _WIN32
char *tempnam(const char *dir, const char *pfx);
int putw(int w, FILE *stream);
int getw(FILE *stream);
#ifdef _GNU_SOURCE
typedef long off64_t;
typedef struct {
  ssize_t (*read)(void *cookie, char *buf, size_t nbytes);
  ssize_t (*write)(void *cookie, const char *buf, size_t nbytes);
  int (*seek)(void *cookie, off64_t *pos, int whence);
  int (*close)(void *cookie);
} cookie_io_functions_t;
FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t io_funcs);
#endif
#endif
int fclose(FILE *stream);
int fflush(FILE *stream);
FILE *fopen(const char *pathname, const char *mode);
FILE *freopen(const char *pathname, const char *mode, FILE *stream);
void setbuf(FILE *stream, char *buf);
int setvbuf(FILE *stream, char *buf, int mode, size_t size);
int fprintf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int sprintf(char *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *str, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int vfprintf(FILE *stream, const char *format, va_list ap);
int vprintf(const char *format, va_list ap);
int vsprintf(char *str, const char *format, va_list ap);
int vsnprintf(char *str, size_t size, const char *format, va_list ap);
int fscanf(FILE *stream, const char *format, ...) __attribute__((format(scanf, 2, 3)));
int scanf(const char *format, ...) __attribute__((format(scanf, 1, 2)));
int sscanf(const char *str, const char *format, ...) __attribute__((format(scanf, 2, 3)));
int vfscanf(FILE *stream, const char *format, va_list ap);
int vscanf(const char *format, va_list ap);
int vsscanf(const char *str, const char *format, va_list ap);
int fgetc(FILE *stream);
char *fgets(char *s, int size, FILE *stream);
int fputc(int c, FILE *stream);
int fputs(const char *s, FILE *stream);
int getc(FILE *stream);
int getchar(void);
int putc(int c, FILE *stream);
int putchar(int c);
int puts(const char *s);
int ungetc(int c, FILE *stream);
size_t fread(void *ptr, size_t size, size_t nmemb, FILE *stream);
size_t fwrite(const void *ptr, size_t size, size_t nmemb, FILE *stream);
int fgetpos(FILE *stream, fpos_t *pos);
int fseek(FILE *stream, long offset, int whence);
int fsetpos(FILE *stream, const fpos_t *pos);
long ftell(FILE *stream);
void rewind(FILE *stream);
void clearerr(FILE *stream);
int feof(FILE *stream);
int ferror(FILE *stream);
void perror(const char *s);
FILE *fdopen(int fd, const char *mode);
int fileno(FILE *stream);
#ifdef _WIN32
char *gets(char *s);
int _snprintf(char *str, size_t size, const char *format, ...);
int _fileno(FILE *stream);
#else
char *gets(char *s);
int dprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
int vdprintf(int fd, const char *format, va_list ap);
ssize_t getdelim(char **lineptr, size_t *n, int delim, FILE *stream);
ssize_t getline(char **lineptr, size_t *n, FILE *stream);
int fseeko(FILE *stream, off_t offset, int whence);
off_t ftello(FILE *stream);
int getc_unlocked(FILE *stream);
int getchar_unlocked(void);
int putc_unlocked(int c, FILE *stream);
int putchar_unlocked(int c);
int fgetc_unlocked(FILE *stream);
int fputc_unlocked(int c, FILE *stream);
int fflush_unlocked(FILE *stream);
size_t fread_unlocked(void *ptr, size_t size, size_t n, FILE *stream);
size_t fwrite_unlocked(const void *ptr, size_t size, size_t n, FILE *stream);
void clearerr_unlocked(FILE *stream);
int feof_unlocked(FILE *stream);
int ferror_unlocked(FILE *stream);
int fileno_unlocked(FILE *stream);
void flockfile(FILE *stream);
int ftrylockfile(FILE *stream);
void funlockfile(FILE *stream);
void setbuffer(FILE *stream, char *buf, size_t size);
void setlinebuf(FILE *stream);
FILE *popen(const char *command, const char *type);
int pclose(FILE *stream);
FILE *fmemopen(void *buf, size_t size, const char *mode);
FILE *open_memstream(char **ptr, size_t *sizeloc);
char *ctermid(char *s);
#ifdef _GNU_SOURCE
int asprintf(char **strp, const char *fmt, ...);
int vasprintf(char **strp, const char *fmt, va_list ap);
char *fgets_unlocked(char *s, int n, FILE *stream);
int fputs_unlocked(const char *s, FILE *stream);
#endif
#endif
#endif
