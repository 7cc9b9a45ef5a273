#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char s[10];
    scanf("%9s", &s);
    puts(s);
    return 0;
}
