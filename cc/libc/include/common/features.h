/* Feature test macros, feature_test_macros(7): what is declared only under _GNU_SOURCE in glibc
   is declared only under it here, so that a program may use the name for itself. */
#ifndef _FEATURES_H
#define _FEATURES_H 1
#if defined __cplusplus && !defined _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef _WIN32
#if defined _GNU_SOURCE || (!defined _POSIX_SOURCE && !defined _POSIX_C_SOURCE && !defined _XOPEN_SOURCE && !defined __STRICT_ANSI__)
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1
#endif
#undef _POSIX_SOURCE
#define _POSIX_SOURCE 1
#undef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#ifndef _ATFILE_SOURCE
#define _ATFILE_SOURCE 1
#endif
#endif
#define __GLIBC__ 2
#define __GLIBC_MINOR__ 36
#endif
#endif
