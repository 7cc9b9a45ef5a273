/* Keepalive after one second of silence. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial_opt(int s, const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) {
        perror("connect");
        return -1;
    }
    return s;
}

static void msleep(int ms)
{
    usleep(ms * 1000);
}

int main(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1, idle = 1, intvl = 1, cnt = 3;
    setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, 4);
    setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &idle, 4);
    setsockopt(s, IPPROTO_TCP, TCP_KEEPINTVL, &intvl, 4);
    setsockopt(s, IPPROTO_TCP, TCP_KEEPCNT, &cnt, 4);
    dial_opt(s, "10.0.0.1", 7021);
    write(s, "oi", 2);
    msleep(3500);
    close(s);
    return 0;
}
