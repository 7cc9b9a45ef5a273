#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void f(int &x)
{
    x = 1;
}
int main(void)
{
    int a = 0;
    f(a);
    return a;
}
