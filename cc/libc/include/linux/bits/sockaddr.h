#ifndef _BITS_SOCKADDR_H
#define _BITS_SOCKADDR_H 1
typedef unsigned short sa_family_t;
#endif
