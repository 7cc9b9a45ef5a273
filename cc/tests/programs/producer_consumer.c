/* Bounded buffer with semaphores and a mutex; the order of each side is fixed.
 * expect:
 * 210
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#define N 4
static int buffer[N], in, out, total;
static sem_t empty, full;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *producer(void *arg) {
  for (int i = 1; i <= 20; i++) {
    sem_wait(&empty);
    pthread_mutex_lock(&lock);
    buffer[in] = i;
    in = (in + 1) % N;
    pthread_mutex_unlock(&lock);
    sem_post(&full);
  }
  return arg;
}
static void *consumer(void *arg) {
  for (int i = 1; i <= 20; i++) {
    sem_wait(&full);
    pthread_mutex_lock(&lock);
    total += buffer[out];
    out = (out + 1) % N;
    pthread_mutex_unlock(&lock);
    sem_post(&empty);
  }
  return arg;
}
int main(void) {
  pthread_t p, c;
  sem_init(&empty, 0, N);
  sem_init(&full, 0, 0);
  pthread_create(&p, NULL, producer, NULL);
  pthread_create(&c, NULL, consumer, NULL);
  pthread_join(p, NULL);
  pthread_join(c, NULL);
  printf("%d\n", total);
  return 0;
}
