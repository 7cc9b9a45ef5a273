/* Threads with a mutex, arguments and return values.
 * expect:
 * 200
 * 400
 * 600
 * 800
 * 1000
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static int counter; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static void *work(void *arg) {
    int n = *(int *)arg;
    for (int i = 0; i < n; i++) { pthread_mutex_lock(&m); counter++; pthread_mutex_unlock(&m); }
    return (void *)(long)(n * 2);
}
int main(void) {
    pthread_t t[4]; int n[4] = {100, 200, 300, 400}; void *r;
    for (int i = 0; i < 4; i++) if (pthread_create(&t[i], NULL, work, &n[i]) != 0) return 1;
    for (int i = 0; i < 4; i++) { pthread_join(t[i], &r); printf("%ld\n", (long)r); }
    printf("%d\n", counter);
    pthread_mutex_destroy(&m);
    return 0;
}
