#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int f(int a) { return a; }
    printf("%d\n", f(1));
    return 0;
}
