#include <stdio.h>
#include <sys/socket.h>
int main(void)
{
    struct ucred cr;
    printf("%zu\n", sizeof cr);
    return 0;
}
