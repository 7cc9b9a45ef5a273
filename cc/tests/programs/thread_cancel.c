/* pthread_cancel of a thread that blocks in read(2) and of one that sleeps; clean-up handlers.
 * compile only
 * expect:
 * clean two
 * clean one
 * cancelled 1
 * cancelled 1
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static int ends[2];
static void clean(void *name) { printf("clean %s\n", (char *)name); }
static void *reader(void *arg) {
  char byte;
  pthread_cleanup_push(clean, "one");
  pthread_cleanup_push(clean, "two");
  read(ends[0], &byte, 1);
  pthread_cleanup_pop(1);
  pthread_cleanup_pop(1);
  return arg;
}
static void *sleeper(void *arg) {
  for (;;)
    sleep(10);
  return arg;
}
int main(void) {
  pthread_t thread;
  void *result;
  if (pipe(ends) < 0)
    return 1;
  pthread_create(&thread, NULL, reader, NULL);
  usleep(1000);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  printf("cancelled %d\n", result == PTHREAD_CANCELED);
  pthread_create(&thread, NULL, sleeper, NULL);
  usleep(1000);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  printf("cancelled %d\n", result == PTHREAD_CANCELED);
  return 0;
}
