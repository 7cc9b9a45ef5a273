#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int v[3] = { 0 };
    v[3] = 1;
    printf("%d\n", v[0]);
    return 0;
}
