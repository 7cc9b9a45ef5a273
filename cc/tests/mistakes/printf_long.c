#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    long n = 5;
    printf("%d\n", n);
    return 0;
}
