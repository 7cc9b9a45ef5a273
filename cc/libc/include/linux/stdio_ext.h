#ifndef _STDIO_EXT_H
#define _STDIO_EXT_H 1
#include <stdio.h>
void __fpurge(FILE *stream);
#endif
