#ifndef _WCHAR_H
#define _WCHAR_H 1
#include <stddef.h>
#ifdef _WIN32
typedef unsigned short wint_t;
#define WEOF ((wint_t)0xFFFF)
#else
typedef unsigned int wint_t;
#define WEOF (0xffffffffu)
#endif
typedef struct { int __count; union { unsigned int __wch; char __wchb[4]; } __value; } mbstate_t;
size_t wcslen(const wchar_t *s);
wchar_t *wcscpy(wchar_t *dest, const wchar_t *src);
wchar_t *wcsncpy(wchar_t *dest, const wchar_t *src, size_t n);
wchar_t *wcscat(wchar_t *dest, const wchar_t *src);
int wcscmp(const wchar_t *s1, const wchar_t *s2);
int wcsncmp(const wchar_t *s1, const wchar_t *s2, size_t n);
wchar_t *wcschr(const wchar_t *s, wchar_t c);
#endif
