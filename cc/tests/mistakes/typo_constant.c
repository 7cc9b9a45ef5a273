#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    int s = socket(AF_INET, SOCK_STRAEM, 0);
    close(s);
    return 0;
}
