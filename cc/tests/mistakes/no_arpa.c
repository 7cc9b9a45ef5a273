#include <stdio.h>
#include <sys/socket.h>
int main(void)
{
    struct sockaddr_in a;
    a.sin_port = htons(80);
    return a.sin_port;
}
