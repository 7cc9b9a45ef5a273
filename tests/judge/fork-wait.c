/* fork(2) and waitpid(2): statuses, copies, shared offsets, zombies. */
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
    int status, p[2], x = 1;
    SAY(waitpid(-1, &status, 0));
    pid_t a = fork();
    if (a == 0) {
        x = 2;
        _exit(x + 5);
    }
    printf("%d\n", waitpid(a, &status, 0) == a);
    printf("exited %d with %d, x is %d\n", WIFEXITED(status), WEXITSTATUS(status), x);
    SAY(waitpid(a, &status, 0));
    pid_t b = fork();
    if (b == 0)
        for (;;)
            pause();
    SAY(waitpid(b, &status, WNOHANG));
    SAY(kill(b, SIGTERM));
    printf("%d\n", waitpid(b, &status, 0) == b);
    printf("signaled %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
    SAY(kill(b, 0));
    pipe(p);
    pid_t c = fork();
    if (c == 0) {
        close(p[0]);
        write(p[1], "from the child", 14);
        _exit(0);
    }
    close(p[1]);
    char buf[32];
    SAY(read(p[0], buf, sizeof buf));
    SAY(read(p[0], buf, sizeof buf));
    printf("%d\n", wait(&status) == c);
    pid_t d = fork();
    if (d == 0) {
        signal(SIGPIPE, SIG_DFL);
        pipe(p);
        close(p[0]);
        write(p[1], "x", 1);
        _exit(0);
    }
    waitpid(d, &status, 0);
    printf("signaled %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
    SAY(waitpid(-1, &status, WNOHANG));
    SAY(wait4(-1, &status, 12345678, NULL));
    return 0;
}
