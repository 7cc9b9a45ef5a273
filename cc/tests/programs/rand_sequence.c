/* rand's sequence is glibc's.
 * expect:
 * 1804289383 846930886 1681692777 1714636915 1957747793 
 * 66 40 81 41 12 
 * 1804289383
 * 1863967299 1045618677
 * 1186278907 476707713
 * 0.272854 1127084414
 */
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    for (int i = 0; i < 5; i++) printf("%d ", rand());
    puts("");
    srand(42); for (int i = 0; i < 5; i++) printf("%d ", rand() % 100);
    puts("");
    srand(0); printf("%d\n", rand());
    srandom(7); printf("%ld %ld\n", random(), random());
    unsigned s = 1; printf("%d %d\n", rand_r(&s), rand_r(&s));
    srand48(5); printf("%.6f %ld\n", drand48(), lrand48());
    return 0;
}
