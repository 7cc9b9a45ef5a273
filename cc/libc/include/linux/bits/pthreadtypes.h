#ifndef _BITS_PTHREADTYPES_H
#define _BITS_PTHREADTYPES_H 1
typedef unsigned long pthread_t;
typedef union { char __size[4]; int __align; } pthread_mutexattr_t;
typedef union { char __size[4]; int __align; } pthread_condattr_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef union pthread_attr_t { char __size[56]; long __align; } pthread_attr_t;
/* Field names and places as in glibc's nptl, so that what is shown is what a debugger shows. */
struct __pthread_mutex_s {
  int __lock;
  unsigned int __count;
  int __owner;
  unsigned int __nusers;
  int __kind;
  short __spins;
  short __elision;
  void *__list[2];
};
typedef union { struct __pthread_mutex_s __data; char __size[40]; long __align; } pthread_mutex_t;
struct __pthread_cond_s {
  unsigned int __seq;
  unsigned int __waiters;
  unsigned int __clock;
  unsigned int __unused[9];
};
typedef union { struct __pthread_cond_s __data; char __size[48]; long long __align; } pthread_cond_t;
struct __pthread_rwlock_s {
  unsigned int __readers;
  unsigned int __writers;
  unsigned int __wrphase_futex;
  unsigned int __writers_futex;
  unsigned int __pad3;
  unsigned int __pad4;
  int __cur_writer;
  int __shared;
  unsigned long __pad[3];
};
typedef union { struct __pthread_rwlock_s __data; char __size[56]; long __align; } pthread_rwlock_t;
typedef union { char __size[8]; long __align; } pthread_rwlockattr_t;
typedef volatile int pthread_spinlock_t;
struct __pthread_barrier_s {
  unsigned int __in;
  unsigned int __round;
  unsigned int __count;
  unsigned int __pad[5];
};
typedef union { struct __pthread_barrier_s __data; char __size[32]; long __align; } pthread_barrier_t;
typedef union { char __size[4]; int __align; } pthread_barrierattr_t;
#endif
