#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    if (x == 1 {
        puts("um");
    }
    return 0;
}
