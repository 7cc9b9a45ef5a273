/* Producer and consumer with condition variables and unnamed semaphores.
 * expect:
 * 210
 * 0 -1
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#define N 4
static int q[N], head, tail, size; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER; static sem_t done;
static void *producer(void *a) { (void)a; for (int i = 1; i <= 20; i++) { pthread_mutex_lock(&m); while (size == N) pthread_cond_wait(&not_full, &m); q[tail] = i; tail = (tail + 1) % N; size++; pthread_cond_signal(&not_empty); pthread_mutex_unlock(&m); } return NULL; }
static void *consumer(void *a) { long sum = 0; (void)a; for (int i = 0; i < 20; i++) { pthread_mutex_lock(&m); while (size == 0) pthread_cond_wait(&not_empty, &m); sum += q[head]; head = (head + 1) % N; size--; pthread_cond_signal(&not_full); pthread_mutex_unlock(&m); } sem_post(&done); return (void *)sum; }
int main(void) {
    pthread_t p, c; void *r; sem_init(&done, 0, 0);
    pthread_create(&c, NULL, consumer, NULL); pthread_create(&p, NULL, producer, NULL);
    sem_wait(&done); pthread_join(p, NULL); pthread_join(c, &r); printf("%ld\n", (long)r);
    int v; sem_getvalue(&done, &v); printf("%d %d\n", v, sem_trywait(&done));
    return 0;
}
