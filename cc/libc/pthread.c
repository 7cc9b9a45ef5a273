/* pthread.h and semaphore.h. Uncontended operations are atomic operations in memory, as in
   glibc; only waiting and waking are system calls (futex). A thread's pthread_t is its number. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

extern int __libc_threaded;

/* ---- a word to wait on */

/* Waits while the word holds `value`; 0, ETIMEDOUT or EINTR. `deadline` is a time of the clock. */
static int __wait_on(void *word, int value, const struct timespec *deadline, clockid_t clock) {
  int saved = errno;
  struct timespec left;
  if (deadline) {
    struct timespec now;
    __syscall_clock_gettime(clock, &now);
    left.tv_sec = deadline->tv_sec - now.tv_sec;
    left.tv_nsec = deadline->tv_nsec - now.tv_nsec;
    if (left.tv_nsec < 0) {
      left.tv_nsec += 1000000000;
      left.tv_sec--;
    }
    if (left.tv_sec < 0)
      return ETIMEDOUT;
  }
  int result = __syscall_futex_wait(word, value, deadline ? &left : NULL);
  int error = result < 0 ? errno : 0;
  errno = saved;
  return error == ETIMEDOUT || error == EINTR ? error : 0;
}

static int __bad_time(const struct timespec *time) { return time->tv_nsec < 0 || time->tv_nsec >= 1000000000; }

/* ---- threads */

static int __live_threads = 1;

/* Threads that were detached or joined are the kernel's to forget. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start_routine)(void *), void *arg) {
  int saved = errno;
  __libc_threaded = 1;
  __libc_add(&__live_threads, 1);
  int tid = __syscall_thread_create((void *)start_routine, arg);
  if (tid < 0) {
    __libc_add(&__live_threads, -1);
    int error = errno;
    errno = saved;
    return error;
  }
  *thread = (pthread_t)tid;
  if (attr && ((const int *)attr->__size)[1] == PTHREAD_CREATE_DETACHED)
    __syscall_thread_detach(tid);
  return 0;
}

pthread_t pthread_self(void) { return (pthread_t)__libc_tid(); }
int pthread_equal(pthread_t t1, pthread_t t2) { return t1 == t2; }

int pthread_join(pthread_t thread, void **retval) {
  int saved = errno;
  unsigned long value = 0;
  if (__syscall_thread_join((int)thread, &value) < 0) {
    int error = errno;
    errno = saved;
    return error;
  }
  if (retval)
    *retval = (void *)value;
  return 0;
}

int pthread_detach(pthread_t thread) {
  int saved = errno;
  if (__syscall_thread_detach((int)thread) < 0) {
    int error = errno;
    errno = saved;
    return error;
  }
  return 0;
}

void __thread_exit_hooks(void);
void __run_cleanups(void);
extern int __cancel_used;

void pthread_exit(void *retval) {
  __run_cleanups();
  __thread_exit_hooks();
  for (;;)
    __syscall_thread_exit(retval);
}

/* After fork(2) the child has one thread. */
void __pthread_forked(void) {
  __live_threads = 1;
}

int pthread_attr_init(pthread_attr_t *attr) {
  memset(attr, 0, sizeof *attr);
  ((unsigned long *)attr->__size)[4] = 8UL << 20;
  return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr) {
  (void)attr;
  return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int detachstate) {
  if (detachstate != PTHREAD_CREATE_DETACHED && detachstate != PTHREAD_CREATE_JOINABLE)
    return EINVAL;
  ((int *)attr->__size)[1] = detachstate;
  return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *detachstate) {
  *detachstate = ((const int *)attr->__size)[1];
  return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t stacksize) {
  if (stacksize < PTHREAD_STACK_MIN)
    return EINVAL;
  ((unsigned long *)attr->__size)[4] = stacksize;
  return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *stacksize) {
  *stacksize = ((const unsigned long *)attr->__size)[4];
  return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope) {
  (void)attr;
  return scope == PTHREAD_SCOPE_SYSTEM ? 0 : scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inheritsched) {
  (void)attr;
  return inheritsched == PTHREAD_INHERIT_SCHED || inheritsched == PTHREAD_EXPLICIT_SCHED ? 0 : EINVAL;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy) {
  (void)attr;
  return policy >= SCHED_OTHER && policy <= SCHED_RR ? 0 : EINVAL;
}

int pthread_attr_setschedparam(pthread_attr_t *attr, const struct sched_param *param) {
  (void)attr;
  return param->sched_priority == 0 ? 0 : EINVAL;
}

int sched_get_priority_max(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR ? 99 : 0; }
int sched_get_priority_min(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR ? 1 : 0; }

static struct { int tid; char name[16]; } __thread_names[16];

int pthread_setname_np(pthread_t thread, const char *name) {
  if (strlen(name) > 15)
    return ERANGE;
  for (int i = 0; i < 16; i++)
    if (__thread_names[i].tid == 0 || __thread_names[i].tid == (int)thread) {
      __thread_names[i].tid = (int)thread;
      strcpy(__thread_names[i].name, name);
      break;
    }
  return 0;
}

int pthread_getname_np(pthread_t thread, char *name, size_t len) {
  extern char *program_invocation_short_name;
  const char *found = program_invocation_short_name;
  if (len < 16)
    return ERANGE;
  for (int i = 0; i < 16; i++)
    if (__thread_names[i].tid == (int)thread)
      found = __thread_names[i].name;
  strncpy(name, found, 15);
  name[15] = 0;
  return 0;
}

int pthread_yield(void) { return __syscall_sched_yield(); }

/* ---- pthread_atfork(3) */

struct __atfork {
  void (*prepare)(void);
  void (*parent)(void);
  void (*child)(void);
};
static struct __atfork __atforks[32];
static int __atfork_count;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  if (__atfork_count == 32)
    return ENOMEM;
  struct __atfork hooks = { prepare, parent, child };
  __atforks[__atfork_count++] = hooks;
  return 0;
}

void __run_atfork(int when) {
  if (when == 0) {
    for (int i = __atfork_count; i-- > 0;)
      if (__atforks[i].prepare)
        __atforks[i].prepare();
    return;
  }
  for (int i = 0; i < __atfork_count; i++) {
    void (*hook)(void) = when == 1 ? __atforks[i].parent : __atforks[i].child;
    if (hook)
      hook();
  }
}

/* ---- mutexes: 0 free, 1 locked, 2 locked and someone waits */

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr) {
  memset(mutex, 0, sizeof *mutex);
  if (attr)
    mutex->__data.__kind = attr->__align & 3;
  return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
  if (__libc_load(&mutex->__data.__lock) != 0)
    return EBUSY;
  mutex->__data.__kind = -1;
  return 0;
}

static int __mutex_lock(pthread_mutex_t *mutex, int try, const struct timespec *deadline) {
  struct __pthread_mutex_s *m = &mutex->__data;
  int me = __libc_tid();
  if (m->__kind < 0)
    return EINVAL;
  if (m->__kind != PTHREAD_MUTEX_NORMAL && __libc_load(&m->__owner) == me) {
    if (m->__kind == PTHREAD_MUTEX_RECURSIVE) {
      m->__count++;
      return 0;
    }
    return try ? EBUSY : EDEADLK;
  }
  if (__libc_cas(&m->__lock, 0, 1) != 0) {
    if (try)
      return EBUSY;
    while (__libc_swap(&m->__lock, 2) != 0)
      if (__wait_on(&m->__lock, 2, deadline, CLOCK_REALTIME) == ETIMEDOUT)
        return ETIMEDOUT;
  }
  __libc_store(&m->__owner, me);
  m->__count = 1;
  m->__nusers++;
  return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex) { return __mutex_lock(mutex, 0, NULL); }
int pthread_mutex_trylock(pthread_mutex_t *mutex) { return __mutex_lock(mutex, 1, NULL); }

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *abstime) {
  return __bad_time(abstime) ? EINVAL : __mutex_lock(mutex, 0, abstime);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
  struct __pthread_mutex_s *m = &mutex->__data;
  if (m->__kind != PTHREAD_MUTEX_NORMAL) {
    if (__libc_load(&m->__owner) != __libc_tid() || __libc_load(&m->__lock) == 0)
      return EPERM;
    if (--m->__count > 0)
      return 0;
  }
  __libc_store(&m->__owner, 0);
  m->__nusers--;
  if (__libc_swap(&m->__lock, 0) == 2)
    __syscall_futex_wake(&m->__lock, 1);
  return 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr) {
  memset(attr, 0, sizeof *attr);
  return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr) {
  (void)attr;
  return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type) {
  if (type < PTHREAD_MUTEX_NORMAL || type > 3)
    return EINVAL;
  attr->__align = (attr->__align & ~3) | type;
  return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *type) {
  *type = attr->__align & 3;
  return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int pshared) {
  if (pshared != PTHREAD_PROCESS_PRIVATE && pshared != PTHREAD_PROCESS_SHARED)
    return EINVAL;
  attr->__align = (attr->__align & 3) | pshared << 2;
  return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *attr, int *pshared) {
  *pshared = attr->__align >> 2 & 1;
  return 0;
}

/* ---- condition variables: a sequence number that every signal moves on */

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr) {
  memset(cond, 0, sizeof *cond);
  if (attr)
    cond->__data.__clock = (unsigned int)attr->__align;
  return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond) {
  (void)cond;
  return 0;
}

static int __cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *deadline) {
  struct __pthread_cond_s *c = &cond->__data;
  __libc_add(&c->__waiters, 1);
  int seen = __libc_load(&c->__seq);
  int error = pthread_mutex_unlock(mutex);
  if (error == 0) {
    while (__libc_load(&c->__seq) == seen) {
      error = __wait_on(&c->__seq, seen, deadline, (clockid_t)c->__clock);
      if (error == EINTR && __cancel_used) {
        pthread_mutex_lock(mutex);
        pthread_testcancel();
        pthread_mutex_unlock(mutex);
      }
      if (error == ETIMEDOUT)
        break;
      error = 0;
    }
    __libc_add(&c->__waiters, -1);
    pthread_mutex_lock(mutex);
    return error;
  }
  __libc_add(&c->__waiters, -1);
  return error;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) { return __cond_wait(cond, mutex, NULL); }

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *abstime) {
  return __bad_time(abstime) ? EINVAL : __cond_wait(cond, mutex, abstime);
}

static int __cond_wake(pthread_cond_t *cond, int count) {
  struct __pthread_cond_s *c = &cond->__data;
  if (__libc_load(&c->__waiters) > 0) {
    __libc_add(&c->__seq, 1);
    __syscall_futex_wake(&c->__seq, count);
  }
  return 0;
}

int pthread_cond_signal(pthread_cond_t *cond) { return __cond_wake(cond, 1); }
int pthread_cond_broadcast(pthread_cond_t *cond) { return __cond_wake(cond, INT_MAX); }

int pthread_condattr_init(pthread_condattr_t *attr) {
  memset(attr, 0, sizeof *attr);
  return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr) {
  (void)attr;
  return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock_id) {
  if (clock_id != CLOCK_REALTIME && clock_id != CLOCK_MONOTONIC)
    return EINVAL;
  attr->__align = clock_id;
  return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int pshared) {
  (void)attr;
  return pshared == PTHREAD_PROCESS_PRIVATE || pshared == PTHREAD_PROCESS_SHARED ? 0 : EINVAL;
}

/* ---- read-write locks: the number of readers, or -1 for a writer */

int pthread_rwlock_init(pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attr) {
  (void)attr;
  memset(rwlock, 0, sizeof *rwlock);
  return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rwlock) {
  (void)rwlock;
  return 0;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr) {
  memset(attr, 0, sizeof *attr);
  return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr) {
  (void)attr;
  return 0;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock) {
  struct __pthread_rwlock_s *l = &rwlock->__data;
  for (;;) {
    int readers = __libc_load(&l->__readers);
    if (readers < 0)
      return EBUSY;
    if (__libc_cas(&l->__readers, readers, readers + 1) == readers)
      return 0;
  }
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock) {
  struct __pthread_rwlock_s *l = &rwlock->__data;
  if (__libc_cas(&l->__readers, 0, -1) != 0)
    return EBUSY;
  __libc_store(&l->__cur_writer, __libc_tid());
  return 0;
}

static int __rwlock_wait(pthread_rwlock_t *rwlock, int (*try)(pthread_rwlock_t *)) {
  struct __pthread_rwlock_s *l = &rwlock->__data;
  if (__libc_load(&l->__readers) < 0 && __libc_load(&l->__cur_writer) == __libc_tid())
    return EDEADLK;
  for (;;) {
    int seen = __libc_load(&l->__readers);
    if (try(rwlock) == 0)
      return 0;
    if (seen != 0) {
      __libc_add(&l->__writers, 1);
      __wait_on(&l->__readers, seen, NULL, CLOCK_REALTIME);
      __libc_add(&l->__writers, -1);
    }
  }
}

int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock) { return __rwlock_wait(rwlock, pthread_rwlock_tryrdlock); }
int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock) { return __rwlock_wait(rwlock, pthread_rwlock_trywrlock); }

int pthread_rwlock_unlock(pthread_rwlock_t *rwlock) {
  struct __pthread_rwlock_s *l = &rwlock->__data;
  if (__libc_load(&l->__readers) < 0) {
    __libc_store(&l->__cur_writer, 0);
    __libc_store(&l->__readers, 0);
  } else {
    __libc_add(&l->__readers, -1);
  }
  if (__libc_load(&l->__writers) > 0)
    __syscall_futex_wake(&l->__readers, INT_MAX);
  return 0;
}

/* ---- spin locks and barriers */

int pthread_spin_init(pthread_spinlock_t *lock, int pshared) {
  (void)pshared;
  *lock = 0;
  return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock) {
  (void)lock;
  return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock) { return __libc_cas((void *)lock, 0, 1) == 0 ? 0 : EBUSY; }

int pthread_spin_lock(pthread_spinlock_t *lock) {
  while (__libc_cas((void *)lock, 0, 1) != 0)
    __syscall_sched_yield();
  return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock) {
  __libc_store((void *)lock, 0);
  return 0;
}

int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr, unsigned int count) {
  (void)attr;
  if (count == 0)
    return EINVAL;
  memset(barrier, 0, sizeof *barrier);
  barrier->__data.__count = count;
  return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier) {
  (void)barrier;
  return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier) {
  struct __pthread_barrier_s *b = &barrier->__data;
  int round = __libc_load(&b->__round);
  if ((unsigned int)__libc_add(&b->__in, 1) + 1 == b->__count) {
    __libc_store(&b->__in, 0);
    __libc_add(&b->__round, 1);
    __syscall_futex_wake(&b->__round, INT_MAX);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  while (__libc_load(&b->__round) == round)
    __wait_on(&b->__round, round, NULL, CLOCK_REALTIME);
  return 0;
}

/* ---- once: 0 not yet, 1 being done, 2 done */

int pthread_once(pthread_once_t *once_control, void (*init_routine)(void)) {
  if (__libc_load(once_control) == 2)
    return 0;
  if (__libc_cas(once_control, 0, 1) == 0) {
    init_routine();
    __libc_store(once_control, 2);
    __syscall_futex_wake(once_control, INT_MAX);
    return 0;
  }
  while (__libc_load(once_control) != 2)
    __wait_on(once_control, 1, NULL, CLOCK_REALTIME);
  return 0;
}

/* ---- thread-specific data */

#define KEYS 128

struct __thread_values {
  int tid;
  struct __thread_values *next;
  void *values[KEYS];
};

static int __keys_used[KEYS];
static void (*__key_destructors[KEYS])(void *);
static struct __thread_values *__all_values;
static pthread_mutex_t __values_lock;

static struct __thread_values *__my_values(int create) {
  int me = __libc_tid();
  pthread_mutex_lock(&__values_lock);
  struct __thread_values *mine = __all_values;
  while (mine && mine->tid != me)
    mine = mine->next;
  if (!mine && create && (mine = calloc(1, sizeof *mine))) {
    mine->tid = me;
    mine->next = __all_values;
    __all_values = mine;
  }
  pthread_mutex_unlock(&__values_lock);
  return mine;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
  for (unsigned int i = 0; i < KEYS; i++)
    if (__libc_cas(&__keys_used[i], 0, 1) == 0) {
      __key_destructors[i] = destructor;
      *key = i;
      return 0;
    }
  return EAGAIN;
}

int pthread_key_delete(pthread_key_t key) {
  if (key >= KEYS || !__keys_used[key])
    return EINVAL;
  __libc_store(&__keys_used[key], 0);
  return 0;
}

void *pthread_getspecific(pthread_key_t key) {
  struct __thread_values *mine = key < KEYS ? __my_values(0) : NULL;
  return mine ? mine->values[key] : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value) {
  if (key >= KEYS || !__keys_used[key])
    return EINVAL;
  struct __thread_values *mine = __my_values(1);
  if (!mine)
    return ENOMEM;
  mine->values[key] = (void *)value;
  return 0;
}

/* What a thread does last: destructors of its data; the very last thread ends the process. */
void __thread_exit_hooks(void) {
  struct __thread_values *mine = __all_values ? __my_values(0) : NULL;
  for (int round = 0; mine && round < 4; round++) {
    int again = 0;
    for (int i = 0; i < KEYS; i++) {
      void *value = mine->values[i];
      if (!value || !__keys_used[i] || !__key_destructors[i])
        continue;
      mine->values[i] = NULL;
      __key_destructors[i](value);
      again = 1;
    }
    if (!again)
      break;
  }
  if (mine) {
    pthread_mutex_lock(&__values_lock);
    struct __thread_values **at = &__all_values;
    while (*at != mine)
      at = &(*at)->next;
    *at = mine->next;
    pthread_mutex_unlock(&__values_lock);
    free(mine);
  }
  if (__libc_add(&__live_threads, -1) == 1)
    exit(0);
}

/* ---- semaphores */

int sem_init(sem_t *sem, int pshared, unsigned int value) {
  if (value > SEM_VALUE_MAX) {
    errno = EINVAL;
    return -1;
  }
  memset(sem, 0, sizeof *sem);
  sem->__data.__value = value;
  sem->__data.__private = pshared ? 128 : 0;
  return 0;
}

int sem_destroy(sem_t *sem) {
  (void)sem;
  return 0;
}

int sem_trywait(sem_t *sem) {
  for (;;) {
    int value = __libc_load(&sem->__data.__value);
    if (value == 0) {
      errno = EAGAIN;
      return -1;
    }
    if (__libc_cas(&sem->__data.__value, value, value - 1) == value)
      return 0;
  }
}

static int __sem_wait(sem_t *sem, const struct timespec *deadline) {
  int saved = errno;
  while (sem_trywait(sem) < 0) {
    __libc_add(&sem->__data.__waiters, 1);
    int error = __wait_on(&sem->__data.__value, 0, deadline, CLOCK_REALTIME);
    __libc_add(&sem->__data.__waiters, -1);
    if (error == EINTR)
      pthread_testcancel();
    if (error) {
      errno = error;
      return -1;
    }
  }
  errno = saved;
  return 0;
}

int sem_wait(sem_t *sem) { return __sem_wait(sem, NULL); }

int sem_timedwait(sem_t *sem, const struct timespec *abs_timeout) {
  if (sem_trywait(sem) == 0)
    return 0;
  if (__bad_time(abs_timeout)) {
    errno = EINVAL;
    return -1;
  }
  return __sem_wait(sem, abs_timeout);
}

int sem_post(sem_t *sem) {
  __libc_add(&sem->__data.__value, 1);
  if (__libc_load(&sem->__data.__waiters) > 0)
    __syscall_futex_wake(&sem->__data.__value, 1);
  return 0;
}

int sem_getvalue(sem_t *sem, int *sval) {
  *sval = __libc_load(&sem->__data.__value);
  return 0;
}

/* Named semaphores are files of 32 bytes under /dev/shm; one mapping a name and process. */
struct __named_sem {
  struct __named_sem *next;
  sem_t *sem;
  int users;
  char name[8];
};
static struct __named_sem *__named_sems;

/* "/dev/shm/" + prefix + the name without its slashes; 0 if the name is none. */
static int __shm_path(char *path, size_t size, const char *prefix, const char *name) {
  while (*name == '/')
    name++;
  if (!*name || strchr(name, '/') || strlen(name) + 32 > size) {
    errno = EINVAL;
    return 0;
  }
  snprintf(path, size, "/dev/shm/%s%s", prefix, name);
  return 1;
}

sem_t *sem_open(const char *name, int oflag, ...) {
  char path[300];
  mode_t mode = 0;
  unsigned int value = 0;
  if (oflag & O_CREAT) {
    va_list ap;
    va_start(ap, oflag);
    mode = va_arg(ap, mode_t);
    value = va_arg(ap, unsigned int);
    va_end(ap);
    if (value > SEM_VALUE_MAX) {
      errno = EINVAL;
      return SEM_FAILED;
    }
  }
  if (!__shm_path(path, sizeof path, "sem.", name))
    return SEM_FAILED;
  int fresh = 0;
  int fd = -1;
  if ((oflag & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
    fd = __syscall_openat(path, O_RDWR | O_NOFOLLOW, 0);
  if (fd < 0 && (oflag & O_CREAT) && (oflag & O_EXCL || errno == ENOENT)) {
    fd = __syscall_openat(path, O_RDWR | O_CREAT | O_EXCL, mode);
    fresh = fd >= 0;
    if (fd < 0 && errno == EEXIST && !(oflag & O_EXCL))
      fd = __syscall_openat(path, O_RDWR | O_NOFOLLOW, 0);
  }
  if (fd < 0)
    return SEM_FAILED;
  if (fresh) {
    sem_t first;
    sem_init(&first, 1, value);
    __syscall_write(fd, &first, sizeof first);
  } else {
    for (struct __named_sem *one = __named_sems; one; one = one->next)
      if (strcmp(one->name, path) == 0) {
        __syscall_close(fd);
        one->users++;
        return one->sem;
      }
  }
  sem_t *sem = __syscall_mmap(sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  __syscall_close(fd);
  if (sem == MAP_FAILED)
    return SEM_FAILED;
  struct __named_sem *one = malloc(sizeof *one + strlen(path));
  strcpy(one->name, path);
  one->sem = sem;
  one->users = 1;
  one->next = __named_sems;
  __named_sems = one;
  return sem;
}

int sem_close(sem_t *sem) {
  for (struct __named_sem **at = &__named_sems; *at; at = &(*at)->next)
    if ((*at)->sem == sem) {
      struct __named_sem *one = *at;
      if (--one->users == 0) {
        *at = one->next;
        __syscall_munmap(sem, sizeof *sem);
        free(one);
      }
      return 0;
    }
  errno = EINVAL;
  return -1;
}

int sem_unlink(const char *name) {
  char path[300];
  if (!__shm_path(path, sizeof path, "sem.", name)) {
    errno = ENOENT;
    return -1;
  }
  return __syscall_unlink(path);
}
