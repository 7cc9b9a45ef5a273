/* MSG_MORE: small pieces leave together, full segments at once, the rest with the next call or close. */
#include <arpa/inet.h>
#include <netinet/in.h>
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

static int dial(int port)
{
    return dial_opt(socket(AF_INET, SOCK_STREAM, 0), "10.0.0.1", port);
}

static void msleep(int ms)
{
    usleep(ms * 1000);
}

int main(void)
{
    int s = dial(7018);
    static char b[3000];
    send(s, "um", 2, MSG_MORE);
    send(s, "dois", 4, MSG_MORE);
    send(s, "tres", 4, 0);
    msleep(60);
    send(s, b, 3000, MSG_MORE);
    msleep(60);
    send(s, "fim", 3, 0);
    msleep(60);
    send(s, "resto", 5, MSG_MORE);
    close(s);
    return 0;
}
