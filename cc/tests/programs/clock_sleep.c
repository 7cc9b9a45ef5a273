/* Sleeping takes at least its time; clocks go forward.
 * expect:
 * 1
 * 0
 * 1
 * 1
 * 0
 */
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int main(void) {
    struct timespec a, b; struct timeval tv;
    clock_gettime(CLOCK_MONOTONIC, &a); usleep(20000); clock_gettime(CLOCK_MONOTONIC, &b);
    long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000; printf("%d\n", ms >= 20 && ms < 5000);
    time_t t0 = time(NULL); printf("%d\n", sleep(1)); printf("%d\n", time(NULL) > t0);
    gettimeofday(&tv, NULL); printf("%d\n", tv.tv_sec >= t0 && tv.tv_usec < 1000000);
    struct timespec req = {0, 1000000}; printf("%d\n", nanosleep(&req, NULL));
    return 0;
}
