#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int ajuda(void);
int main(void)
{
    return ajuda();
}
