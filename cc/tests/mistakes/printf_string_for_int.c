#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int n = 5;
    printf("%s\n", n);
    return 0;
}
