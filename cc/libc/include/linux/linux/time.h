#ifndef _LINUX_TIME_H
#define _LINUX_TIME_H 1
#include <sys/time.h>
#include <time.h>
#include <linux/types.h>
#define CLOCK_REALTIME_ALARM 8
#define CLOCK_BOOTTIME_ALARM 9
#define CLOCK_SGI_CYCLE 10
#define CLOCK_TAI 11
#define MAX_CLOCKS 16
#define CLOCKS_MASK 1
#define CLOCKS_MONO 1
#endif
