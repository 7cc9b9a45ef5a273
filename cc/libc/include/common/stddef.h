#ifndef _STDDEF_H
#define _STDDEF_H 1
#include <bits/types.h>
#ifndef _WIN32
typedef long ptrdiff_t;
#endif
#ifdef _WIN32
typedef unsigned short wchar_t;
#else
typedef int wchar_t;
#endif
typedef struct {
  long long __max_align_ll;
  long double __max_align_ld;
} max_align_t;
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
