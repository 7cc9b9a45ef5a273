#include <stdio.h>
#include <unistd.h>

int main(void)
{
    pause();                                                        /* 6 */
    return 0;
}
