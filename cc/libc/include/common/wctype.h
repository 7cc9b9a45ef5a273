#ifndef _WCTYPE_H
#define _WCTYPE_H 1
#include <wchar.h>
#endif
