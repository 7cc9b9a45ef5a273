#include <stdio.h>
int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, NULL, NULL);
    return 0;
}
