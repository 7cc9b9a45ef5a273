#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct n { int v; };
int main(void)
{
    struct n a = { 1 };
    return a->v;
}
