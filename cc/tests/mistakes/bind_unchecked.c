#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    struct sockaddr_in a = { 0 };
    bind(3, (struct sockaddr *)&a, sizeof a);
    return 0;
}
