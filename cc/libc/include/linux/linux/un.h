#ifndef _LINUX_UN_H
#define _LINUX_UN_H 1
#include <sys/un.h>
#include <linux/socket.h>
#define UNIX_PATH_MAX 108
#define SIOCUNIXFILE (SIOCPROTOPRIVATE + 0)
#endif
