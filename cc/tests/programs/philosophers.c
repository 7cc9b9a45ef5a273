/* Dining philosophers, ordered forks.
 * expect:
 * 100 100 100 100 100 
 */
#include <pthread.h>
#include <stdio.h>
#define N 5
static pthread_mutex_t forks[N];
static int meals[N];
static void *philosopher(void *arg) {
  long me = (long)arg;
  long first = me < (me + 1) % N ? me : (me + 1) % N, second = me < (me + 1) % N ? (me + 1) % N : me;
  for (int i = 0; i < 100; i++) {
    pthread_mutex_lock(&forks[first]);
    pthread_mutex_lock(&forks[second]);
    meals[me]++;
    pthread_mutex_unlock(&forks[second]);
    pthread_mutex_unlock(&forks[first]);
  }
  return NULL;
}
int main(void) {
  pthread_t threads[N];
  for (long i = 0; i < N; i++)
    pthread_mutex_init(&forks[i], NULL);
  for (long i = 0; i < N; i++)
    pthread_create(&threads[i], NULL, philosopher, (void *)i);
  for (int i = 0; i < N; i++)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < N; i++)
    printf("%d ", meals[i]);
  puts("");
  return 0;
}
