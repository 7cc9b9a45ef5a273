#ifndef _SYS_FILE_H
#define _SYS_FILE_H 1
#include <fcntl.h>
int flock(int fd, int operation);
#endif
