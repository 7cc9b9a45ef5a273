#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int send_message(int fd, const char *text)                   /* 1 */
{
    uint16_t size = htons(strlen(text));
    if (send(fd, &size, sizeof size, 0) < 0) { perror("send"); return -1; }
    if (send(fd, text, strlen(text), 0) < 0) { perror("send"); return -1; }
    return 0;
}

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7300);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("connect"); return 1; }
    send_message(fd, "um");
    send_message(fd, "dois");
    send_message(fd, "tres");
    close(fd);
    return 0;
}
