#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

int main(void)
{
    int families[] = { 0, 1, 2, 6, 7, 10 };                         /* 6 */
    int types[] = { 1, 2, 3, 4, 5, 6, 10, 99 };                     /* 7 */
    int protocols[] = { 0, 1, 2, 3, 6, 17 };                        /* 8 */

    for (int f = 0; f < 6; f++)
        for (int t = 0; t < 8; t++)
            for (int p = 0; p < 6; p++) {
                int fd = socket(families[f], types[t], protocols[p]);
                if (fd < 0) {
                    printf("socket(%d, %d, %d) = %s\n", families[f], types[t], protocols[p],
                           strerror(errno));
                } else {
                    printf("socket(%d, %d, %d) = ok\n", families[f], types[t], protocols[p]);
                    close(fd);
                }
            }
    return 0;
}
