#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    5 = 3;
    return 0;
}
