#ifndef _FTW_H
#define _FTW_H 1
#include <sys/types.h>
#include <sys/stat.h>
enum { FTW_F, FTW_D, FTW_DNR, FTW_NS };
int ftw(const char *dirpath, int (*fn)(const char *, const struct stat *, int), int nopenfd);
#if defined _GNU_SOURCE || defined _XOPEN_SOURCE || defined __SOQUETE_LIBC__
#define FTW_SL 4
#define FTW_DP 5
#define FTW_SLN 6
enum { FTW_PHYS = 1, FTW_MOUNT = 2, FTW_CHDIR = 4, FTW_DEPTH = 8 };
struct FTW {
  int base;
  int level;
};
int nftw(const char *dirpath, int (*fn)(const char *, const struct stat *, int, struct FTW *), int nopenfd, int flags);
#endif
#endif
