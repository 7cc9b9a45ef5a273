/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H 1
#include <sys/types.h>
struct statfs {
  long f_type;
  long f_bsize;
  fsblkcnt_t f_blocks;
  fsblkcnt_t f_bfree;
  fsblkcnt_t f_bavail;
  fsfilcnt_t f_files;
  fsfilcnt_t f_ffree;
  struct { int __val[2]; } f_fsid;
  long f_namelen;
  long f_frsize;
  long f_flags;
  long f_spare[4];
};
int statfs(const char *file, struct statfs *buf);
int fstatfs(int fildes, struct statfs *buf);
#endif
