#ifndef _ERROR_H
#define _ERROR_H 1
#include <features.h>
extern unsigned int error_message_count;
void error(int status, int errnum, const char *format, ...);
#endif
