#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int *p = 5;
    return p != 0;
    return 0;
}
