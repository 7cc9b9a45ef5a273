/* threads.h of C11: names for what pthread.h has. */

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

struct __thrd_start { thrd_start_t func; void *arg; };

static void *__thrd_begin(void *arg) {
  struct __thrd_start start = *(struct __thrd_start *)arg;
  free(arg);
  return (void *)(intptr_t)start.func(start.arg);
}

static int __thrd_result(int error) {
  switch (error) {
  case 0: return thrd_success;
  case EBUSY: return thrd_busy;
  case ENOMEM: return thrd_nomem;
  case ETIMEDOUT: return thrd_timedout;
  default: return thrd_error;
  }
}

int thrd_create(thrd_t *thr, thrd_start_t func, void *arg) {
  struct __thrd_start *start = malloc(sizeof *start);
  if (!start)
    return thrd_nomem;
  start->func = func;
  start->arg = arg;
  return __thrd_result(pthread_create(thr, NULL, __thrd_begin, start));
}

int thrd_join(thrd_t thr, int *res) {
  void *value;
  int error = pthread_join(thr, &value);
  if (res && !error)
    *res = (int)(intptr_t)value;
  return __thrd_result(error);
}

int thrd_detach(thrd_t thr) { return __thrd_result(pthread_detach(thr)); }
thrd_t thrd_current(void) { return pthread_self(); }
int thrd_equal(thrd_t lhs, thrd_t rhs) { return lhs == rhs; }
void thrd_exit(int res) { pthread_exit((void *)(intptr_t)res); }
void thrd_yield(void) { sched_yield(); }

int thrd_sleep(const struct timespec *duration, struct timespec *remaining) {
  if (nanosleep(duration, remaining) == 0)
    return 0;
  return errno == EINTR ? -1 : -2;
}

int mtx_init(mtx_t *mutex, int type) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  return __thrd_result(pthread_mutex_init((pthread_mutex_t *)mutex, &attr));
}

int mtx_lock(mtx_t *mutex) { return __thrd_result(pthread_mutex_lock((pthread_mutex_t *)mutex)); }
int mtx_trylock(mtx_t *mutex) { return __thrd_result(pthread_mutex_trylock((pthread_mutex_t *)mutex)); }
int mtx_timedlock(mtx_t *mutex, const struct timespec *time) { return __thrd_result(pthread_mutex_timedlock((pthread_mutex_t *)mutex, time)); }
int mtx_unlock(mtx_t *mutex) { return __thrd_result(pthread_mutex_unlock((pthread_mutex_t *)mutex)); }
void mtx_destroy(mtx_t *mutex) { pthread_mutex_destroy((pthread_mutex_t *)mutex); }
int cnd_init(cnd_t *cond) { return __thrd_result(pthread_cond_init((pthread_cond_t *)cond, NULL)); }
int cnd_signal(cnd_t *cond) { return __thrd_result(pthread_cond_signal((pthread_cond_t *)cond)); }
int cnd_broadcast(cnd_t *cond) { return __thrd_result(pthread_cond_broadcast((pthread_cond_t *)cond)); }
int cnd_wait(cnd_t *cond, mtx_t *mutex) { return __thrd_result(pthread_cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex)); }
int cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *time) { return __thrd_result(pthread_cond_timedwait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, time)); }
void cnd_destroy(cnd_t *cond) { pthread_cond_destroy((pthread_cond_t *)cond); }
int tss_create(tss_t *key, tss_dtor_t destructor) { return __thrd_result(pthread_key_create(key, destructor)); }
void *tss_get(tss_t key) { return pthread_getspecific(key); }
int tss_set(tss_t key, void *value) { return __thrd_result(pthread_setspecific(key, value)); }
void tss_delete(tss_t key) { pthread_key_delete(key); }
void call_once(once_flag *flag, void (*func)(void)) { pthread_once((pthread_once_t *)flag, func); }
