/* System V semaphores: values, IPC_NOWAIT, wrong arguments, a process that waits. */
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
#include <sys/ipc.h>
#include <sys/sem.h>
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
    struct sembuf take = { 0, -1, IPC_NOWAIT }, give = { 0, 1, 0 }, wait = { 0, -1, 0 };
    struct sembuf zero = { 0, 0, IPC_NOWAIT }, far = { 9, 1, 0 };
    int id = semget(IPC_PRIVATE, 2, 0600 | IPC_CREAT);
    SAY(semctl(id, 0, SETVAL, 1));
    SAY(semctl(id, 0, GETVAL));
    SAY(semop(id, &take, 1));
    SAY(semop(id, &take, 1));
    SAY(semop(id, &zero, 1));
    SAY(semop(id, &far, 1));
    SAY(semctl(id, 7, GETVAL));
    SAY(semop(-1, &take, 1));
    SAY(semget(0x5117, 1, 0600));
    pid_t child = fork();
    if (child == 0) {
        usleep(30000);
        semop(id, &give, 1);
        _exit(0);
    }
    SAY(semop(id, &wait, 1));
    waitpid(child, NULL, 0);
    SAY(semctl(id, 0, GETVAL));
    SAY(semctl(id, 0, IPC_RMID));
    SAY(semop(id, &give, 1));
    SAY(semget(IPC_PRIVATE, 0, 0600 | IPC_CREAT));
    return 0;
}
