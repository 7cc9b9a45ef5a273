#ifndef _SGTTY_H
#define _SGTTY_H 1
#include <sys/ioctl.h>
struct sgttyb;
int gtty(int fd, struct sgttyb *params);
int stty(int fd, const struct sgttyb *params);
#endif
