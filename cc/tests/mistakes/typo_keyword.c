#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    whlie (x) { x = 0; }
    return 0;
}
