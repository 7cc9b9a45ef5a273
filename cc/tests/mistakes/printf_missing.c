#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    printf("%d %d\n", 1);
    return 0;
}
