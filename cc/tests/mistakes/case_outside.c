#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    case 1:
        puts("a");
    return 0;
}
