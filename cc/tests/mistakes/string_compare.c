#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char nome[10] = "ana";
    if (nome == "ana")
        puts("sim");
    return 0;
}
