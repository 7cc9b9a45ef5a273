#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char *f(void)
{
    char b[10] = "oi";
    return b;
}
int main(void)
{
    puts(f());
    return 0;
}
