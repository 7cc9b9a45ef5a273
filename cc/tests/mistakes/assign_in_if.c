#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 2;
    if (x = 3)
        puts("3");
    return 0;
}
