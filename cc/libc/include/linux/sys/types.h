#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H 1
#include <bits/types.h>
#include <bits/intn.h>
#include <bits/time_types.h>
#include <bits/systypes.h>
#include <endian.h>
#include <sys/select.h>
#include <bits/pthreadtypes.h>
#endif
