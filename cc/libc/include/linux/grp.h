#ifndef _GRP_H
#define _GRP_H 1
#include <sys/types.h>
#include <stddef.h>
struct group {
  char *gr_name;
  char *gr_passwd;
  gid_t gr_gid;
  char **gr_mem;
};
struct group *getgrgid(gid_t gid);
struct group *getgrnam(const char *name);
int setgroups(size_t n, const gid_t *groups);
int initgroups(const char *user, gid_t group);
#endif
