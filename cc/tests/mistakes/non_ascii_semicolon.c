#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    return x;
    return 0;
}
