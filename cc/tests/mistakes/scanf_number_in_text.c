#include <stdio.h>
int main(void)
{
    char nome[10];
    if (scanf("%d", nome) != 1)
        return 1;
    puts(nome);
    return 0;
}
