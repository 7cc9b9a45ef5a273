#include <stdio.h>
#define PORT = 8080
int main(void)
{
    int p = PORT;
    printf("%d\n", p);
    return 0;
}
