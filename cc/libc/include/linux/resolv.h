/* Declared; not provided: a program that uses it is refused by name. */
#ifndef _RESOLV_H_
#define _RESOLV_H_
#include <sys/types.h>
#include <netinet/in.h>
#include <stdio.h>
#include <arpa/nameser.h>
#endif
