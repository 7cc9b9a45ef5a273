#ifndef _ICONV_H
#define _ICONV_H 1
#include <stddef.h>
typedef void *iconv_t;
int iconv_close(iconv_t cd);
#endif
