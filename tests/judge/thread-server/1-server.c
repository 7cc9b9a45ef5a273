/* A thread for each connection. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <pthread.h>
/* Says what a call returned, and why it failed. */
#define SAY(call)                                                              \
    do {                                                                       \
        errno = 0;                                                             \
        long ret_ = (long)(call);                                              \
        printf("%s = %ld%s%s\n", #call, ret_, ret_ < 0 ? " " : "",             \
               ret_ < 0 ? strerror(errno) : "");                               \
    } while (0)

static struct sockaddr_in at(const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, ip, &a.sin_addr);
    return a;
}
#define ADDR(a) (struct sockaddr *)&(a), sizeof(a)

static void *serve(void *arg)
{
    char buf[64];
    int c = (int)(long)arg;
    ssize_t n;
    while ((n = recv(c, buf, sizeof buf, 0)) > 0)
        send(c, buf, n, 0);
    close(c);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    struct sockaddr_in any = at("0.0.0.0", 7000);
    int l = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(l, ADDR(any)));
    SAY(listen(l, 5));
    for (int i = 0; i < 2; i++) {
        int c = accept(l, NULL, NULL);
        pthread_create(&thread, NULL, serve, (void *)(long)c);
        pthread_join(thread, NULL);
    }
    SAY(close(l));
    return 0;
}
