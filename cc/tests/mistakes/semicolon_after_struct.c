#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct p {
    int x;
}
int main(void)
{
    struct p p = { 1 };
    return p.x;
}
