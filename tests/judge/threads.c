/* pthread: create, join, a mutex, a condition. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int count, go;

static void *add(void *arg)
{
    pthread_mutex_lock(&lock);
    while (!go)
        pthread_cond_wait(&ready, &lock);
    for (int i = 0; i < 100; i++)
        count += *(int *)arg;
    pthread_mutex_unlock(&lock);
    return (void *)(long)*(int *)arg;
}

int main(void)
{
    pthread_t t[4];
    int numbers[4] = { 1, 2, 3, 4 };
    void *result;
    for (int i = 0; i < 4; i++)
        printf("%d\n", pthread_create(&t[i], NULL, add, &numbers[i]));
    pthread_mutex_lock(&lock);
    go = 1;
    pthread_cond_broadcast(&ready);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], &result);
        printf("joined %ld\n", (long)result);
    }
    printf("%d\n", count);
    return 0;
}
