#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    printf(“oi”);
    return 0;
}
