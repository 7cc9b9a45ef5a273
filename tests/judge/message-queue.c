/* POSIX message queues: order by priority, full, empty, too long. */
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
#include <mqueue.h>
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

int main(void)
{
    char buf[64];
    unsigned priority = 9;
    struct mq_attr attr = { 0, 2, 16, 0 };
    SAY(mq_open("/judge", O_RDWR));
    mqd_t q = mq_open("/judge", O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attr);
    SAY(mq_open("/judge", O_RDWR | O_CREAT | O_EXCL, 0600, &attr));
    SAY(mq_receive(q, buf, sizeof buf, &priority));
    SAY(mq_send(q, "um", 2, 1));
    SAY(mq_send(q, "dois", 4, 5));
    SAY(mq_send(q, "tres", 4, 3));
    SAY(mq_receive(q, buf, 8, &priority));
    SAY(mq_receive(q, buf, sizeof buf, &priority));
    printf("%.4s %u\n", buf, priority);
    SAY(mq_send(q, "long long long long", 19, 0));
    SAY(mq_receive(q, buf, sizeof buf, &priority));
    printf("%.2s %u\n", buf, priority);
    SAY(mq_close(q));
    SAY(mq_unlink("/judge"));
    SAY(mq_unlink("/judge"));
    SAY(mq_open("judge", O_RDWR | O_CREAT, 0600, &attr));
    return 0;
}
