#ifndef _SYS_UN_H
#define _SYS_UN_H 1
#include <string.h>
#include <bits/sockaddr.h>
struct sockaddr_un {
  sa_family_t sun_family;
  char sun_path[108];
};
#define SUN_LEN(ptr) ((size_t)(((struct sockaddr_un *)0)->sun_path) + strlen((ptr)->sun_path))
#endif
