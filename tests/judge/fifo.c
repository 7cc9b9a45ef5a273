/* Named pipes: who waits for whom in open(2), ENXIO, the end when the last writer closes. */
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
    SAY(mkfifo("/tmp/fifo", 0600));
    SAY(mkfifo("/tmp/fifo", 0600));
    SAY(open("/tmp/fifo", O_WRONLY | O_NONBLOCK));
    int r = open("/tmp/fifo", O_RDONLY | O_NONBLOCK);
    SAY(read(r, buf, sizeof buf));
    int w = open("/tmp/fifo", O_WRONLY);
    SAY(read(r, buf, sizeof buf));
    SAY(write(w, "abc", 3));
    SAY(read(r, buf, 2));
    SAY(close(w));
    SAY(read(r, buf, sizeof buf));
    SAY(read(r, buf, sizeof buf));
    SAY(close(r));
    SAY(lseek(r, 0, SEEK_SET));
    pid_t child = fork();
    if (child == 0) {
        int c = open("/tmp/fifo", O_WRONLY);
        write(c, "filho", 5);
        _exit(0);
    }
    r = open("/tmp/fifo", O_RDONLY);
    SAY(read(r, buf, sizeof buf));
    SAY(read(r, buf, sizeof buf));
    SAY(lseek(r, 0, SEEK_SET));
    waitpid(child, NULL, 0);
    SAY(unlink("/tmp/fifo"));
    SAY(open("/tmp/fifo", O_RDONLY));
    SAY(mkfifo("/tmp/none/fifo", 0600));
    return 0;
}
