#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int f(int x)
{
    if (x)
        return 1;
}
int main(void)
{
    return f(1);
}
