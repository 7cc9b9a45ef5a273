#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    bool ok = true;
    printf("%d\n", ok);
    return 0;
}
