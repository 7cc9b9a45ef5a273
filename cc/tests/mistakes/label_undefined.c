#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    goto fim;
    return 0;
}
