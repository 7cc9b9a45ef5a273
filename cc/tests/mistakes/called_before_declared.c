#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    ajuda();
    return 0;
}
void ajuda(void)
{
    puts("a");
}
