#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int v[2] = { 1, 2, 3 };
    printf("%d\n", v[0]);
    return 0;
}
