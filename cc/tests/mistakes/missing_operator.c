#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int a = 1, b = 2;
    int c = a b;
    printf("%d\n", c);
    return 0;
}
