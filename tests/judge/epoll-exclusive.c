/* EPOLLEXCLUSIVE: of several processes that wait for one listener, one is woken (epoll_ctl(2)).
 * Whoever was woken and finds nothing would never be heard of: accept would wait. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 3

int main(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(4300) };
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, clients[WORKERS], report[2], awake[2];
    char byte;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bind(listener, (struct sockaddr *)&at, sizeof at);
    listen(listener, 5);
    pipe(report);
    pipe(awake);
    for (int i = 0; i < WORKERS; i++) {
        if (fork() == 0) {
            struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
            int epoll = epoll_create1(0);
            epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
            write(report[1], "r", 1);
            if (epoll_wait(epoll, &event, 1, 2000) == 1) {
                close(accept(listener, NULL, NULL));
                write(awake[1], "a", 1);
            }
            _exit(0);
        }
        read(report[0], &byte, 1);
        /* It sleeps before the next one registers. */
        usleep(20000);
    }
    for (int i = 0; i < WORKERS; i++) {
        clients[i] = socket(AF_INET, SOCK_STREAM, 0);
        connect(clients[i], (struct sockaddr *)&at, sizeof at);
        read(awake[0], &byte, 1);
        usleep(20000);
    }
    for (int i = 0; i < WORKERS; i++)
        wait(NULL);
    printf("each connection woke one process\n");
    return 0;
}
