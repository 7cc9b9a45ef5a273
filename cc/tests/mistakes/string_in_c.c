#include <stdio.h>
#include <string.h>
int main(void)
{
    string nome = "ana";
    printf("%s\n", nome);
    return 0;
}
