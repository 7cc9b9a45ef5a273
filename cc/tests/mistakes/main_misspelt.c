#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int mian(void)
{
    return 0;
}
