#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    itn x = 1;
    printf("%d\n", x);
    return 0;
}
