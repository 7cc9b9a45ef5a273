#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct no { int v; };
int main(void)
{
    no a;
    a.v = 1;
    return a.v;
}
