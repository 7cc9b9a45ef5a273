#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 0;
    while (x == 1);
    {
        x++;
    }
    return 0;
}
