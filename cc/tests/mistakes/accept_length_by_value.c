#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    struct sockaddr_in a;
    socklen_t n = sizeof a;
    int c = accept(3, (struct sockaddr *)&a, n);
    close(c);
    return 0;
}
