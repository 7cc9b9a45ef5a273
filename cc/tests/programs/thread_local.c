/* Variables of which each thread has its own, at file scope and within a function.
 * expect:
 * 101
 * t1: 6 6 7 2.5 102
 * 1
 * t2: 7 7 7 2.5 102
 * 1
 * t3: 8 8 7 2.5 102
 * 1
 * first: 50 102 1 0x1
 */
#include <pthread.h>
#include <stdio.h>

static __thread int count = 5;
_Thread_local char name[8] = "first";
static _Thread_local struct { int a; double b; } pair = { 1, 2.5 };
static __thread int *own = NULL;

static int next(void) {
  static __thread int n = 100;
  return ++n;
}

static void *work(void *arg) {
  long id = (long)arg;
  count += (int)id;
  snprintf(name, sizeof name, "t%ld", id);
  pair.a *= 7;
  own = &count;
  next();
  int n = next();
  printf("%s: %d %d %d %.1f %d\n", name, count, *own, pair.a, pair.b, n);
  return (void *)(long)(own == &count);
}

int main(void) {
  count = 50; /* what a thread begins with is not this */
  printf("%d\n", next());
  for (long i = 1; i <= 3; i++) {
    pthread_t thread;
    void *same;
    pthread_create(&thread, NULL, work, (void *)i);
    pthread_join(thread, &same);
    printf("%ld\n", (long)same);
  }
  printf("%s: %d %d %d %p\n", name, count, next(), pair.a, (void *)own == NULL ? (void *)1 : NULL);
  return 0;
}
