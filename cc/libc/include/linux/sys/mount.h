/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _SYS_MOUNT_H
#define _SYS_MOUNT_H 1
#include <sys/types.h>
int mount(const char *special_file, const char *dir, const char *fstype, unsigned long rwflag, const void *data);
int umount(const char *special_file);
#endif
