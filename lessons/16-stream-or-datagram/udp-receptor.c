#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7301);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }

    struct timeval limit = { 3, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sleep(1);

    char buf[100];
    ssize_t n;
    int count = 0;
    while ((n = recv(fd, buf, sizeof buf, 0)) >= 0)                 /* 6 */
        printf("udp message %d: %.*s\n", ++count, (int)n, buf);
    perror("recv");                                                 /* 7 */
    close(fd);
    return 0;
}
