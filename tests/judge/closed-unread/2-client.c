/* Sends more than the peer will read, then meets the reset. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
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

static int writen(int s, const char *buf, int n)
{
    int done = 0, r;
    while (done < n) {
        r = send(s, buf + done, n - done, MSG_NOSIGNAL);
        if (r < 0) { perror("send"); return done; }
        done += r;
    }
    return done;
}

int main(void)
{
    int s = dial(7027);
    static char b[20000];
    signal(SIGPIPE, SIG_IGN);
    printf("%d\n", writen(s, b, sizeof b));
    msleep(100);
    int n = send(s, b, 10, 0);
    printf("%d %s\n", n, strerror(errno));
    n = send(s, b, 10, 0);
    printf("%d %s\n", n, strerror(errno));
    close(s);
    return 0;
}
