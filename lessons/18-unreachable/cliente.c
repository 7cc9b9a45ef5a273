#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    struct timeval limit = { 2, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7500);                                    /* 1 */
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
                                                                    /* 2 */
    ssize_t n = sendto(fd, "ola", 3, 0, (struct sockaddr *)&addr, sizeof addr);  /* 3 */
    printf("sendto: %zd\n", n);

    char buf[100];
    n = recv(fd, buf, sizeof buf, 0);                               /* 4 */
    if (n < 0) perror("recv");
    else printf("recv: %zd\n", n);
    close(fd);
    return 0;
}
