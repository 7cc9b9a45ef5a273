#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int n = 0;
    scanf("%d", n);
    printf("%d\n", n);
    return 0;
}
