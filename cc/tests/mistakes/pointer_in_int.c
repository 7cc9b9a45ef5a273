#include <pthread.h>
#include <stdio.h>
static void *serve(void *arg)
{
    int fd = (int)arg;
    printf("%d\n", fd);
    return NULL;
}
int main(void)
{
    pthread_t thread;
    int fd = 5;
    pthread_create(&thread, NULL, serve, (void *)fd);
    pthread_join(thread, NULL);
    return 0;
}
