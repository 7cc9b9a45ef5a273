/* stdout to a pipe is fully buffered; fork copies what was not flushed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
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


int main(void)
{
    printf("once or twice?\n");
    pid_t child = fork();
    if (child == 0) {
        printf("child\n");
        exit(0);
    }
    waitpid(child, NULL, 0);
    printf("parent\n");
    fflush(stdout);
    write(1, "raw\n", 4);
    fprintf(stderr, "to stderr\n");
    return 0;
}
