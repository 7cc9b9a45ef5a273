#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char nome[10];
    nome = "ana";
    puts(nome);
    return 0;
}
