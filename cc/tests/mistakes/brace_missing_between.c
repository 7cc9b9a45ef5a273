#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int f(void)
{
    puts("a");
    return 1;

int main(void)
{
    return f();
}
