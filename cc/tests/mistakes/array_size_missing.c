#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int v[];
    v[0] = 1;
    return 0;
}
