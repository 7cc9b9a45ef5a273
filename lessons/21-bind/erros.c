#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static struct sockaddr_in address(const char *ip, int port)
{
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    inet_pton(AF_INET, ip, &addr.sin_addr);
    return addr;
}

static void try(const char *what, int fd, struct sockaddr_in addr, socklen_t len)
{
    int r = bind(fd, (struct sockaddr *)&addr, len);
    printf("%s: %s\n", what, r < 0 ? strerror(errno) : "ok");
}

int main(void)
{
    int a = socket(AF_INET, SOCK_STREAM, 0);
    int b = socket(AF_INET, SOCK_STREAM, 0);
    int c = socket(AF_INET, SOCK_STREAM, 0);
    if (a < 0 || b < 0 || c < 0) { perror("socket"); return 1; }

    try("first", a, address("0.0.0.0", 9000), sizeof(struct sockaddr_in));
    try("same port", b, address("0.0.0.0", 9000), sizeof(struct sockaddr_in));
    try("already bound", a, address("0.0.0.0", 9001), sizeof(struct sockaddr_in));
    try("not my address", b, address("192.0.2.7", 9002), sizeof(struct sockaddr_in));
    try("addr_len 15", b, address("0.0.0.0", 9003), 15);
    try("fd 99", 99, address("0.0.0.0", 9004), sizeof(struct sockaddr_in));
    try("port 0", c, address("0.0.0.0", 0), sizeof(struct sockaddr_in));

    struct sockaddr_in got;
    socklen_t len = sizeof got;
    getsockname(c, (struct sockaddr *)&got, &len);
    printf("the kernel chose: %s\n", ntohs(got.sin_port) >= 1024 ? "a high port" : "?");
    return 0;
}
