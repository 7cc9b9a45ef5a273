#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    if (1) {
        puts("a");
    return 0;
}
