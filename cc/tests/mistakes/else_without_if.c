#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    if (x)
        puts("a");
        puts("b");
    else
        puts("c");
    return 0;
}
