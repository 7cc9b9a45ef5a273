/* errno after a call that a handler interrupted is the call's, whatever the handler did; and a jump
 * out of a handler leaves nothing behind. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;

static void reap(int signal)
{
    (void)signal;
    while (waitpid(-1, NULL, WNOHANG) > 0) continue; /* ends with ECHILD */
}

static void spoil(int signal)
{
    (void)signal;
    close(-1); /* EBADF */
}

static void again(int signal)
{
    (void)signal;
    raise(SIGUSR2);
}

static void jump(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler };
    sigaction(signal, &action, NULL);
}

int main(void)
{
    char byte;
    int pipes[2];
    pipe(pipes);

    handle(SIGCHLD, reap);
    if (fork() == 0) {
        usleep(50000);
        _exit(0);
    }
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pipes[0], &set);
    int n = select(pipes[0] + 1, &set, NULL, NULL, NULL);
    printf("select = %d, %s\n", n, strerror(errno));
    handle(SIGCHLD, SIG_DFL);

    handle(SIGALRM, spoil);
    alarm(1);
    n = read(pipes[0], &byte, 1);
    printf("read = %d, %s\n", n, strerror(errno));
    alarm(1);
    n = pause();
    printf("pause = %d, %s\n", n, strerror(errno));

    /* A handler above a handler: the call answers when the lower one has returned. */
    handle(SIGALRM, again);
    handle(SIGUSR2, spoil);
    alarm(1);
    n = read(pipes[0], &byte, 1);
    printf("read = %d, %s\n", n, strerror(errno));

    /* The classic time-out by a jump, and then an ordinary interruption. */
    handle(SIGALRM, jump);
    if (sigsetjmp(back, 1) == 0) {
        alarm(1);
        read(pipes[0], &byte, 1);
    }
    handle(SIGALRM, spoil);
    alarm(1);
    n = read(pipes[0], &byte, 1);
    printf("read = %d, %s\n", n, strerror(errno));
    return 0;
}
