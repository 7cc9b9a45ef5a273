#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    printf("%d\n", 1, 2);
    return 0;
}
