#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int i = 0;
    do {
        i++;
    } while (i < 3)
    printf("%d\n", i);
    return 0;
}
