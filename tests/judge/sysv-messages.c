/* System V message queues: types, sizes, waiting, removal. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

struct message {
    long type;
    char text[100];
};

static int q;

static void put(long type, const char *text)
{
    struct message m;
    memset(&m, 0, sizeof m);
    m.type = type;
    strcpy(m.text, text);
    int r = msgsnd(q, &m, strlen(text), IPC_NOWAIT);
    printf("send %ld: %d %s\n", type, r, r < 0 ? strerror(errno) : "");
}

static void get(long type, int size, int flags)
{
    struct message m;
    memset(&m, 0, sizeof m);
    int r = (int)msgrcv(q, &m, size, type, flags);
    if (r < 0)
        printf("receive %ld: %s\n", type, strerror(errno));
    else
        printf("receive %ld: %d '%s' type %ld\n", type, r, m.text, m.type);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("no queue: %d", msgget(0x1234567, 0));
    printf(" %s\n", strerror(errno));
    q = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    put(0, "zero");
    put(-1, "minus");
    put(3, "three");
    put(1, "one");
    put(2, "two");
    put(1, "one again");
    get(-2, 100, IPC_NOWAIT);
    get(2, 2, IPC_NOWAIT);
    get(2, 2, IPC_NOWAIT | MSG_NOERROR);
    get(3, 100, IPC_NOWAIT | MSG_EXCEPT);
    get(7, 100, IPC_NOWAIT);
    get(0, 100, 0);
    get(0, 100, IPC_NOWAIT);
    static char big[9000];
    *(long *)big = 1;
    printf("too long: %d", msgsnd(q, big, 8193, 0));
    printf(" %s\n", strerror(errno));
    printf("most: %d\n", msgsnd(q, big, 8192, 0));
    printf("most: %d\n", msgsnd(q, big, 8192, 0));
    printf("full: %d", msgsnd(q, big, 1, IPC_NOWAIT));
    printf(" %s\n", strerror(errno));
    printf("emptied: %d\n", (int)msgrcv(q, big, 8192, 0, 0));
    msgrcv(q, big, 8192, 0, 0);
    if (fork() == 0) {
        get(50, 100, 0);
        get(60, 100, 0);
        _exit(0);
    }
    usleep(50000);
    put(50, "to the child");
    usleep(50000);
    msgctl(q, IPC_RMID, NULL);
    wait(NULL);
    printf("gone: %d", msgsnd(q, big, 1, 0));
    printf(" %s\n", strerror(errno));
    return 0;
}
