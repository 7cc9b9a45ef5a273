#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char s[3] = "abcd";
    printf("%.3s\n", s);
    return 0;
}
