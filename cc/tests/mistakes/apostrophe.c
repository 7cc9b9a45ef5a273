#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char c = 'a;
    putchar(c);
    return 0;
}
