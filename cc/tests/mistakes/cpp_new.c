#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int *p = new int[10];
    p[0] = 1;
    return 0;
}
