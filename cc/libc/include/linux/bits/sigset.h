#ifndef _BITS_SIGSET_H
#define _BITS_SIGSET_H 1
typedef struct {
  unsigned long __val[16];
} sigset_t;
#endif
