/* SIGURG goes to whom F_SETOWN names as urgent data arrives; nobody is told without it. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int connection;

static void urgent(int signal)
{
    char byte;
    (void)signal;
    if (recv(connection, &byte, 1, MSG_OOB) == 1)
        write(1, "urgent\n", 7);
}

int main(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(4100) };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0), ready[2];
    bind(listener, (struct sockaddr *)&at, sizeof at);
    listen(listener, 1);
    pipe(ready);
    if (fork() == 0) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        char go;
        connect(s, (struct sockaddr *)&at, sizeof at);
        read(ready[0], &go, 1);
        send(s, "!", 1, MSG_OOB);
        read(ready[0], &go, 1);
        send(s, "?", 1, MSG_OOB);
        _exit(0);
    }
    connection = accept(listener, NULL, NULL);
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_handler = urgent;
    sigaction(SIGURG, &act, NULL);
    fcntl(connection, F_SETOWN, getpid());
    write(ready[1], "1", 1);
    pause();
    fcntl(connection, F_SETOWN, 0);
    write(ready[1], "2", 1);
    wait(NULL);
    char byte;
    printf("then %zd\n", recv(connection, &byte, 1, MSG_OOB));
    return 0;
}
