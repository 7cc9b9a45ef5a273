/* What wait, kill, setpgid, waitid and execve answer, call by call. Its lines are compared, not its calls. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#define T(e) do { errno = 0; long r_ = (long)(e); int e_ = errno; printf("%-50s %ld %s\n", #e, r_, r_ < 0 ? strerror(e_) : ""); fflush(stdout); } while (0)
static volatile int got; static void h(int s) { got = s; }
int main(void)
{
    int st = 0; pid_t p;
    T(wait(NULL)); T(waitpid(-1, NULL, WNOHANG)); T(waitpid(0, NULL, 0)); T(waitpid(99999, NULL, 0)); T(waitpid(getpid(), NULL, 0)); T(waitpid(-1, NULL, 0x100)); T(waitpid(1, NULL, WUNTRACED)); T(waitpid(-99999, NULL, 0));
    p = fork(); if (!p) _exit(300); T(waitpid(p, &st, WNOHANG|WUNTRACED) >= 0); waitpid(p, &st, 0); T(WEXITSTATUS(st)); T(waitpid(p, &st, 0));
    p = fork(); if (!p) { pause(); _exit(1); }
    T(kill(p, 0)); T(kill(p, SIGSTOP)); T(waitpid(p, &st, WUNTRACED) == p); T(WIFSTOPPED(st)); T(WSTOPSIG(st) == SIGSTOP); T(waitpid(p, &st, WUNTRACED|WNOHANG)); T(kill(p, SIGCONT)); T(waitpid(p, &st, WCONTINUED) == p); T(WIFCONTINUED(st)); T(kill(p, SIGTERM)); T(waitpid(p, &st, 0) == p); T(WIFSIGNALED(st)); T(WTERMSIG(st)); T(kill(p, 0));
    p = fork(); if (!p) { kill(getpid(), SIGSTOP); _exit(5); }
    waitpid(p, &st, WUNTRACED); T(WIFSTOPPED(st)); T(kill(p, SIGKILL)); T(waitpid(p, &st, 0) == p); T(WTERMSIG(st));
    p = fork(); if (!p) { abort(); } waitpid(p, &st, 0); T(WTERMSIG(st)); T(WCOREDUMP(st) != 0 || 1);
    T(kill(getpid(), 65)); T(kill(getpid(), -1)); T(kill(99999, SIGTERM)); T(kill(1 << 30, 0)); T(kill(-99999, 0)); T(kill(0, 0)); T(raise(0)); T(raise(99));
    setpgid(0, 0); T(getpgid(0) == getpid()); T(getpgrp() == getpid()); T(setpgid(99999, 0)); T(setpgid(0, -1)); T(setpgid(0, 99999));  T(getpgid(99999)); T(getpgid(-1)); T(getsid(99999)); T(setsid());
    p = fork(); if (!p) { T(setsid() == getpid()); T(getsid(0) == getpid()); T(setsid()); T(setpgid(0, getppid())); T(setpgid(0,0)); exit(0); } wait(&st);
    p = fork(); if (!p) { pause(); _exit(0); } T(setpgid(p, p)); T(getpgid(p) == p); T(waitpid(0, &st, WNOHANG)); T(waitpid(-p, &st, WNOHANG)); T(kill(-p, SIGUSR1)); T(waitpid(-p, &st, 0) == p); T(WTERMSIG(st) == SIGUSR1); T(setpgid(p, p)); T(kill(-p, 0));
    siginfo_t si; memset(&si, 0, sizeof si);
    T(waitid(P_ALL, 0, &si, 0)); T(waitid(P_ALL, 0, &si, WEXITED)); T(waitid(7, 0, &si, WEXITED)); T(waitid(P_PID, 0, &si, WEXITED)); T(waitid(P_PID, -3, &si, WEXITED));
    p = fork(); if (!p) _exit(7); T(waitid(P_PID, p, &si, WEXITED|WNOWAIT)); T(si.si_status); T(si.si_code == CLD_EXITED); T(si.si_signo == SIGCHLD); T(si.si_pid == p); T(waitid(P_PID, p, &si, WSTOPPED)); T(waitid(P_PID, p, NULL, WEXITED)); T(waitid(P_PID, p, &si, WEXITED));
    signal(SIGCHLD, SIG_IGN); p = fork(); if (!p) _exit(3); T(waitpid(p, &st, 0)); T(wait(NULL));
    signal(SIGCHLD, SIG_DFL);
    struct sigaction sa = { .sa_handler = h, .sa_flags = SA_NOCLDWAIT }; T(sigaction(SIGCHLD, &sa, NULL)); p = fork(); if (!p) _exit(3); T(wait(NULL)); T(got == SIGCHLD); sa.sa_handler = SIG_DFL; sa.sa_flags = 0; sigaction(SIGCHLD, &sa, NULL);
    p = fork(); if (!p) { int q = fork(); if (!q) { while (getppid() != 1) sched_yield(); _exit(0); } _exit(9); } T(waitpid(p, &st, 0) == p); T(WEXITSTATUS(st));
    p = fork(); if (!p) { execl("/nonexistent", "x", NULL); _exit(errno); } waitpid(p, &st, 0); T(WEXITSTATUS(st));
    T(execl("/tmp", "x", NULL)); T(execl("", "x", NULL)); T(execl("/etc/passwd", "x", NULL)); T(execl("/etc/passwd/x", "x", NULL));  T(execve(NULL, NULL, NULL)); 
    T(wait4(-1, NULL, 0, NULL)); T(waitpid(-1, (int *)8, WNOHANG));
    T(getppid() > 0); 
}
