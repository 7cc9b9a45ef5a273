#include <pthread.h>
#include <stddef.h>
void work(int x)
{
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    return 0;
}
