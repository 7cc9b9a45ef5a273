/* <stdatomic.h>, _Atomic objects, and gcc's older builtins.
 * expect:
 * 3000 4000 -1000
 * 1 7, 0 7
 * 5 9 9 3
 * 0 1 0
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
static atomic_int count;
static _Atomic long total;
static int old_style;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static void *work(void *arg) {
  for (int i = 0; i < 1000; i++) {
    count++;
    atomic_fetch_add(&count, 2);
    total += 4;
    __sync_fetch_and_sub(&old_style, 1);
  }
  return arg;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  printf("%d %ld %d\n", atomic_load(&count), total, old_style);
  int expected = 3000, ok;
  ok = atomic_compare_exchange_strong(&count, &expected, 7);
  printf("%d %d, ", ok, atomic_load(&count));
  ok = atomic_compare_exchange_strong(&count, &expected, 8);
  printf("%d %d\n", ok, expected);
  int word = 5;
  int before = __sync_fetch_and_add(&word, 4);
  int after = word;
  int swapped = __sync_val_compare_and_swap(&word, 9, 3);
  printf("%d %d %d %d\n", before, after, swapped, word);
  int first = atomic_flag_test_and_set(&flag), second = atomic_flag_test_and_set(&flag);
  atomic_flag_clear(&flag);
  printf("%d %d %d\n", first, second, atomic_flag_test_and_set(&flag));
  return 0;
}
