#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    /* aqui começa
    puts("a");
    return 0;
}
