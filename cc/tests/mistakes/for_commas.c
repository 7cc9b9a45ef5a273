#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int i;
    for (i = 0, i < 3, i++)
        puts("a");
    return 0;
}
