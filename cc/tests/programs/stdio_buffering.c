/* A pipe is fully buffered: write(2) overtakes printf; fork copies what is in the buffer.
 * expect:
 * antes
 * depois duas vezes
 * duas vezes
 * sem buffer
 * ordem
 * linha
 * resto| */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    printf("depois ");
    write(1, "antes\n", 6);
    fflush(stdout);
    printf("duas vezes\n");
    if (fork() == 0) exit(0);
    wait(NULL);
    fflush(stdout);
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("sem buffer\n"); write(1, "ordem\n", 6);
    setvbuf(stdout, NULL, _IOLBF, 1024);
    printf("linha\nresto"); write(1, "|", 1);
    _exit(0);
}
