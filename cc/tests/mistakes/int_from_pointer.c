#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char *s = "abc";
    int n = s;
    printf("%d\n", n);
    return 0;
}
