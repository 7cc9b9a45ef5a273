/* once, keys with destructors, barriers, read-write locks, error-checking mutexes.
 * expect:
 * 0 1 2 1 1 3
 * 1 1
 * 1
 * 0
 * 1
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static pthread_once_t once = PTHREAD_ONCE_INIT; static pthread_key_t key; static pthread_barrier_t bar; static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER; static int freed, inits, serial; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static void destroy(void *p) { free(p); pthread_mutex_lock(&m); freed++; pthread_mutex_unlock(&m); }
static void init(void) { inits++; pthread_key_create(&key, destroy); }
static void *run(void *a) {
    pthread_once(&once, init); pthread_setspecific(key, malloc(4));
    if (pthread_barrier_wait(&bar) == PTHREAD_BARRIER_SERIAL_THREAD) { pthread_mutex_lock(&m); serial++; pthread_mutex_unlock(&m); }
    pthread_rwlock_rdlock(&rw); pthread_rwlock_unlock(&rw); pthread_rwlock_wrlock(&rw); pthread_rwlock_unlock(&rw);
    pthread_exit(a);
}
int main(void) {
    pthread_t t[3]; pthread_barrier_init(&bar, NULL, 3);
    for (long i = 0; i < 3; i++) pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < 3; i++) { void *r; pthread_join(t[i], &r); printf("%ld ", (long)r); }
    printf("%d %d %d\n", inits, serial, freed);
    pthread_mutexattr_t at; pthread_mutex_t e; pthread_mutexattr_init(&at); pthread_mutexattr_settype(&at, PTHREAD_MUTEX_ERRORCHECK); pthread_mutex_init(&e, &at);
    pthread_mutex_lock(&e); printf("%d %d\n", pthread_mutex_lock(&e) == EDEADLK, pthread_mutex_trylock(&e) == EBUSY); pthread_mutex_unlock(&e); printf("%d\n", pthread_mutex_unlock(&e) == EPERM);
    pthread_mutexattr_settype(&at, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_init(&e, &at); pthread_mutex_lock(&e); printf("%d\n", pthread_mutex_lock(&e));
    printf("%d\n", pthread_equal(pthread_self(), pthread_self()) != 0);
    return 0;
}
