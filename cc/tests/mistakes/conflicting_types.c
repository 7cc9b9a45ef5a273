#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int f(int a);
void f(int a)
{
}
int main(void)
{
    f(1);
    return 0;
}
