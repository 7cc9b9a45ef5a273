#include <stdio.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
int main(void)
{
    printf("%d\n", MAX(1));
    return 0;
}
