#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/wait.h>

int main(void)
{
    int s[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) < 0) {               /* 6 */
        perror("socketpair");
        return 1;
    }

    pid_t pid = fork();
    if (pid < 0) { perror("fork"); return 1; }

    char buf[100];
    ssize_t n;
    if (pid == 0) {
        close(s[0]);
        n = read(s[1], buf, sizeof buf);                            /* 7 */
        printf("child: %.*s\n", (int)n, buf);
        fflush(stdout);
        if (write(s[1], "pong", 4) < 0) perror("write");
        exit(0);
    }

    close(s[1]);
    if (write(s[0], "ping", 4) < 0) perror("write");
    n = read(s[0], buf, sizeof buf);
    printf("parent: %.*s\n", (int)n, buf);
    close(s[0]);
    wait(NULL);
    return 0;
}
