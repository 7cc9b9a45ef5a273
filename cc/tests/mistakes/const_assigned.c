#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    const int n = 1;
    n = 2;
    printf("%d\n", n);
    return 0;
}
