#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H 1
#include <sys/types.h>
typedef union {
  struct { unsigned int __value; int __private; unsigned int __waiters; } __data;
  char __size[32];
  long __align;
} sem_t;
#define SEM_FAILED ((sem_t *)0)
int sem_init(sem_t *sem, int pshared, unsigned int value);
int sem_destroy(sem_t *sem);
sem_t *sem_open(const char *name, int oflag, ...);
int sem_close(sem_t *sem);
int sem_unlink(const char *name);
int sem_wait(sem_t *sem);
int sem_timedwait(sem_t *sem, const struct timespec *abs_timeout);
int sem_trywait(sem_t *sem);
int sem_post(sem_t *sem);
int sem_getvalue(sem_t *sem, int *sval);
#endif
