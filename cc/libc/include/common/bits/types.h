/* The basic types that several headers share. */
#ifndef _BITS_TYPES_H
#define _BITS_TYPES_H 1
#ifdef _WIN32
typedef unsigned long long size_t;
typedef long long ssize_t;
typedef long long intptr_t;
typedef unsigned long long uintptr_t;
typedef long long ptrdiff_t;
#else
typedef unsigned long size_t;
typedef long ssize_t;
#endif
#ifndef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#endif
#endif
