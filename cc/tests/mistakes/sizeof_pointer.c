#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
void f(int s, char *b)
{
    recv(s, b, sizeof(b), 0);
}
int main(void)
{
    char b[100];
    f(3, b);
    return 0;
}
