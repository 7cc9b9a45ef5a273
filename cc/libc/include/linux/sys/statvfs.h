/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_STATVFS_H
#define _SYS_STATVFS_H 1
#include <sys/types.h>
struct statvfs {
  unsigned long f_bsize;
  unsigned long f_frsize;
  fsblkcnt_t f_blocks;
  fsblkcnt_t f_bfree;
  fsblkcnt_t f_bavail;
  fsfilcnt_t f_files;
  fsfilcnt_t f_ffree;
  fsfilcnt_t f_favail;
  unsigned long f_fsid;
  unsigned long f_flag;
  unsigned long f_namemax;
  int __f_spare[6];
};
int statvfs(const char *file, struct statvfs *buf);
int fstatvfs(int fildes, struct statvfs *buf);
#endif
