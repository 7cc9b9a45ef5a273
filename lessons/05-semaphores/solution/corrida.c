#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static int total = 0;
static sem_t mutex;

static void *work(void *arg)
{
    const char *name = arg;
    for (int i = 0; i < 5; i++) {
        sem_wait(&mutex);
        int copy = total;                                           /* 1 */
        usleep(1000);                                               /* 2 */
        total = copy + 1;                                           /* 3 */
        sem_post(&mutex);
        printf("%s: total = %d\n", name, copy + 1);
    }
    return NULL;
}

int main(void)
{
    pthread_t a, b;

    sem_init(&mutex, 0, 1);                                         /* 4 */
    if (pthread_create(&a, NULL, work, "A") != 0) return 1;
    if (pthread_create(&b, NULL, work, "B") != 0) return 1;
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    sem_destroy(&mutex);

    printf("end: total = %d\n", total);
    return 0;
}
