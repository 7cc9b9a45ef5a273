#include <stdio.h>
int main(void)
{
    printf("%d\n", (int)strlen("abc"));
    return 0;
}
