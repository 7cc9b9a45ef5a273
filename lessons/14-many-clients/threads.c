#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void talk(int conn)
{
    char buf[100];
    ssize_t n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0)
        if (send(conn, buf, n, 0) < 0) break;
    close(conn);
}

static void *thread(void *arg)
{
    talk((int)(intptr_t)arg);
    return NULL;
}

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }
    for (;;) {
        int conn = accept(fd, NULL, NULL);
        if (conn < 0) { perror("accept"); return 1; }

        pthread_t t;
        if (pthread_create(&t, NULL, thread, (void *)(intptr_t)conn) != 0) {  /* 2 */
            fprintf(stderr, "pthread_create\n");
            return 1;
        }
        pthread_detach(t);
    }
}
