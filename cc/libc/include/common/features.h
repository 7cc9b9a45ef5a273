/* Feature test macros, feature_test_macros(7): what is declared only under _GNU_SOURCE in glibc
   is declared only under it here, so that a program may use the name for itself. */
#ifndef _FEATURES_H
#define _FEATURES_H 1
#if defined __cplusplus && !defined _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef _WIN32
#define __GLIBC__ 2
#define __GLIBC_MINOR__ 36
#endif
#endif
