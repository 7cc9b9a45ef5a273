#include <stdio.h>
#define PORT 8080;
int main(void)
{
    printf("%d\n", PORT);
    return 0;
}
