#ifndef _STRING_H
#define _STRING_H 1
#include <features.h>
#include <bits/types.h>
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
void *memset(void *s, int c, size_t n);
int memcmp(const void *s1, const void *s2, size_t n);
void *memchr(const void *s, int c, size_t n);
char *strcpy(char *dest, const char *src);
char *strncpy(char *dest, const char *src, size_t n);
char *strcat(char *dest, const char *src);
char *strncat(char *dest, const char *src, size_t n);
int strcmp(const char *s1, const char *s2);
int strncmp(const char *s1, const char *s2, size_t n);
int strcoll(const char *s1, const char *s2);
size_t strxfrm(char *dest, const char *src, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
size_t strcspn(const char *s, const char *reject);
size_t strspn(const char *s, const char *accept);
char *strpbrk(const char *s, const char *accept);
char *strstr(const char *haystack, const char *needle);
char *strtok(char *str, const char *delim);
size_t strlen(const char *s);
char *strerror(int errnum);
char *strdup(const char *s);
#ifdef _WIN32
char *_strdup(const char *s);
int _stricmp(const char *s1, const char *s2);
int _strnicmp(const char *s1, const char *s2, size_t n);
int stricmp(const char *s1, const char *s2);
int strnicmp(const char *s1, const char *s2, size_t n);
char *strlwr(char *s);
char *strupr(char *s);
char *strrev(char *s);
int strcasecmp(const char *s1, const char *s2);
int strncasecmp(const char *s1, const char *s2, size_t n);
char *strtok_r(char *str, const char *delim, char **saveptr);
size_t strnlen(const char *s, size_t maxlen);
#else
#include <strings.h>
void *memccpy(void *dest, const void *src, int c, size_t n);
char *strndup(const char *s, size_t n);
char *strtok_r(char *str, const char *delim, char **saveptr);
size_t strnlen(const char *s, size_t maxlen);
char *strsep(char **stringp, const char *delim);
char *strsignal(int sig);
char *stpcpy(char *dest, const char *src);
char *stpncpy(char *dest, const char *src, size_t n);
void explicit_bzero(void *s, size_t n);
#ifdef _GNU_SOURCE
char *strerror_r(int errnum, char *buf, size_t buflen);
char *strcasestr(const char *haystack, const char *needle);
void *memmem(const void *haystack, size_t haystacklen, const void *needle, size_t needlelen);
void *mempcpy(void *dest, const void *src, size_t n);
void *memrchr(const void *s, int c, size_t n);
void *rawmemchr(const void *s, int c);
int strverscmp(const char *s1, const char *s2);
char *strchrnul(const char *s, int c);
#if !defined basename && !defined _WIN32
char *basename(const char *filename);
#endif
const char *strerrorname_np(int errnum);
const char *strerrordesc_np(int errnum);
const char *sigabbrev_np(int sig);
const char *sigdescr_np(int sig);
#define strdupa(s) strcpy((char *)__builtin_alloca(strlen(s) + 1), (s))
#else
#define strerror_r __xpg_strerror_r
int __xpg_strerror_r(int errnum, char *buf, size_t buflen);
#endif
#endif
#endif
