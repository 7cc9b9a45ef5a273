#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void f(void)
{
    return 1;
}
int main(void)
{
    f();
    return 0;
}
