/* Handlers of the signals that a program's own mistakes raise: SIGSEGV, SIGFPE (sigaction(2), si_code). */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int zero;
static int *volatile nowhere;
static int again;

static void jump(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("signal %d code %d address %s\n", signal, info->si_code,
           signal == SIGFPE ? "of the code" : info->si_addr == 0 ? "0" : info->si_addr == (void *)0x123456789 ? "ours" : "other");
    siglongjmp(back, 1);
}

static void repair(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    printf("repair %d\n", info->si_code);
    mprotect((void *)((unsigned long)info->si_addr & ~4095UL), 4096, PROT_READ | PROT_WRITE);
}

static void third_time(int signal)
{
    if (++again == 3) {
        write(1, "enough\n", 7);
        _exit(signal);
    }
}

static void ended(const char *what)
{
    int status;
    wait(&status);
    if (WIFEXITED(status))
        printf("%s: exited with %d\n", what, WEXITSTATUS(status));
    else
        printf("%s: killed by %d\n", what, WTERMSIG(status));
    fflush(stdout);
}

int main(void)
{
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_sigaction = jump;
    act.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &act, NULL);
    sigaction(SIGFPE, &act, NULL);
    sigaction(SIGBUS, &act, NULL);
    if (sigsetjmp(back, 1) == 0)
        *nowhere = 1;
    if (sigsetjmp(back, 1) == 0)
        printf("%d\n", *nowhere);
    if (sigsetjmp(back, 1) == 0)
        printf("%d\n", 5 / zero);
    if (sigsetjmp(back, 1) == 0)
        printf("%d\n", 5 % zero);
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)0x123456789 = 1;
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)"text" = 1;
    if (sigsetjmp(back, 1) == 0)
        ((void (*)(void))0)();
    if (sigsetjmp(back, 1) == 0)
        printf("%zu\n", strlen((char *)nowhere));
    char *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sigsetjmp(back, 1) == 0)
        page[5] = 'x';
    act.sa_sigaction = repair;
    sigaction(SIGSEGV, &act, NULL);
    page[5] = 'y';
    printf("now %c\n", page[5]);
    fflush(stdout);
    if (fork() == 0) {
        signal(SIGSEGV, third_time);
        *nowhere = 1;
    }
    ended("returns to the mistake");
    if (fork() == 0) {
        signal(SIGSEGV, third_time);
        raise(SIGSEGV);
        kill(getpid(), SIGSEGV);
        raise(SIGSEGV);
    }
    ended("raised");
    return 0;
}
