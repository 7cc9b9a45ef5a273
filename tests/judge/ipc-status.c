/* What IPC_STAT tells of System V objects, and what IPC_SET changes (shmctl(2), msgctl(2), semctl(2)). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#define SAY(call) \
    do { \
        long result = (call); \
        printf("%s = %ld %s\n", #call, result, result < 0 ? strerrorname_np(errno) : ""); \
    } while (0)

union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

static void owner(const struct ipc_perm *perm)
{
    printf("key %#x mode %o owner %d %d maker %d %d\n", perm->__key, perm->mode, perm->uid, perm->gid,
           perm->cuid, perm->cgid);
}

static void memory(void)
{
    struct shmid_ds ds;
    int id = shmget(IPC_PRIVATE, 1000, IPC_CREAT | 0644);
    void *at = shmat(id, NULL, 0);
    memset(&ds, 0xff, sizeof ds);
    shmctl(id, IPC_STAT, &ds);
    owner(&ds.shm_perm);
    printf("size %zu attached %d by %d %d times %d %d %d\n", ds.shm_segsz, (int)ds.shm_nattch,
           ds.shm_cpid == getpid(), ds.shm_lpid == getpid(), ds.shm_atime > 0, ds.shm_dtime > 0, ds.shm_ctime > 0);
    shmdt(at);
    shmctl(id, IPC_STAT, &ds);
    printf("attached %d times %d %d\n", (int)ds.shm_nattch, ds.shm_atime > 0, ds.shm_dtime > 0);
    ds.shm_perm.mode = 0600;
    SAY(shmctl(id, IPC_SET, &ds));
    shmctl(id, IPC_STAT, &ds);
    owner(&ds.shm_perm);
    SAY(shmctl(id, IPC_STAT, NULL));
    SAY(shmctl(id, IPC_SET, NULL));
    SAY(shmctl(id, 99, &ds));
    SAY(shmctl(id, IPC_RMID, NULL));
    SAY(shmctl(id, IPC_STAT, &ds));
}

static void messages(void)
{
    struct msqid_ds ds;
    struct { long type; char text[20]; } message = { 5, "hello" };
    int id = msgget(0x1234, IPC_CREAT | 0666);
    msgctl(id, IPC_STAT, &ds);
    owner(&ds.msg_perm);
    printf("messages %d room %d by %d %d times %d %d %d\n", (int)ds.msg_qnum, (int)ds.msg_qbytes, ds.msg_lspid,
           ds.msg_lrpid, ds.msg_stime > 0, ds.msg_rtime > 0, ds.msg_ctime > 0);
    msgsnd(id, &message, 6, 0);
    msgctl(id, IPC_STAT, &ds);
    printf("messages %d bytes %d by %d times %d %d\n", (int)ds.msg_qnum, (int)ds.__msg_cbytes,
           ds.msg_lspid == getpid(), ds.msg_stime > 0, ds.msg_rtime > 0);
    msgrcv(id, &message, 6, 0, 0);
    msgctl(id, IPC_STAT, &ds);
    printf("messages %d by %d times %d\n", (int)ds.msg_qnum, ds.msg_lrpid == getpid(), ds.msg_rtime > 0);
    ds.msg_qbytes = 10;
    ds.msg_perm.mode = 0600;
    SAY(msgctl(id, IPC_SET, &ds));
    msgctl(id, IPC_STAT, &ds);
    owner(&ds.msg_perm);
    SAY(msgsnd(id, &message, 6, IPC_NOWAIT));
    SAY(msgsnd(id, &message, 6, IPC_NOWAIT));
    SAY(msgctl(id, IPC_STAT, NULL));
    SAY(msgctl(id, IPC_SET, NULL));
    SAY(msgctl(id, IPC_RMID, NULL));
}

static void semaphores(void)
{
    struct semid_ds ds;
    union semun arg = { .buf = &ds };
    struct sembuf take = { 0, -1, 0 };
    int id = semget(0x77, 3, IPC_CREAT | 0600);
    semctl(id, 0, IPC_STAT, arg);
    owner(&ds.sem_perm);
    printf("semaphores %d times %d %d\n", (int)ds.sem_nsems, ds.sem_otime > 0, ds.sem_ctime > 0);
    union semun value = { .buf = NULL };
    value.val = 4;
    semctl(id, 0, SETVAL, value);
    semop(id, &take, 1);
    arg.buf = &ds;
    semctl(id, 0, IPC_STAT, arg);
    printf("times %d\n", ds.sem_otime > 0);
    ds.sem_perm.mode = 0640;
    SAY(semctl(id, 0, IPC_SET, arg));
    semctl(id, 0, IPC_STAT, arg);
    owner(&ds.sem_perm);
    arg.buf = NULL;
    SAY(semctl(id, 0, IPC_STAT, arg));
    SAY(semctl(id, 0, IPC_RMID));
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    memory();
    messages();
    semaphores();
    return 0;
}
