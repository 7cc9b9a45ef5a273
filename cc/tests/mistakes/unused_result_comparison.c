#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    x == 2;
    printf("%d\n", x);
    return 0;
}
