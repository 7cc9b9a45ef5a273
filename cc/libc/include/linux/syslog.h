#ifndef _SYSLOG_H
#define _SYSLOG_H 1
#include <sys/syslog.h>
#endif
