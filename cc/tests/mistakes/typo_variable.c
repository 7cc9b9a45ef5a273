#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int contador = 0;
    contadro++;
    printf("%d\n", contador);
    return 0;
}
