/* fd_set's macros.
 * expect:
 * 0 5 63 64 1023 0 1
 * 128 1024
 */
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
int main(void) {
    fd_set r, c; FD_ZERO(&r); FD_SET(0, &r); FD_SET(5, &r); FD_SET(63, &r); FD_SET(64, &r); FD_SET(1023, &r);
    for (int i = 0; i < FD_SETSIZE; i++) if (FD_ISSET(i, &r)) printf("%d ", i);
    FD_CLR(5, &r); c = r; printf("%d %d\n", FD_ISSET(5, &c) != 0, FD_ISSET(64, &c) != 0);
    printf("%zu %d\n", sizeof r, FD_SETSIZE);
    return 0;
}
