#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    struct sockaddr_in a = { 0 };
    a.sin_port = 8080;
    return a.sin_port == 0;
    return 0;
}
