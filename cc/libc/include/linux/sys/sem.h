#ifndef _SYS_SEM_H
#define _SYS_SEM_H 1
#include <bits/types.h>
#include <bits/time_types.h>
#include <sys/types.h>
#include <sys/ipc.h>
#define SEM_UNDO 0x1000
#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17
struct semid_ds {
  struct ipc_perm sem_perm;
  time_t sem_otime;
  unsigned long __glibc_reserved1;
  time_t sem_ctime;
  unsigned long __glibc_reserved2;
  unsigned long sem_nsems;
  unsigned long __glibc_reserved3;
  unsigned long __glibc_reserved4;
};
struct sembuf {
  unsigned short sem_num;
  short sem_op;
  short sem_flg;
};
int semctl(int semid, int semnum, int cmd, ...);
int semget(key_t key, int nsems, int semflg);
int semop(int semid, struct sembuf *sops, size_t nsops);
#ifdef _GNU_SOURCE
int semtimedop(int semid, struct sembuf *sops, size_t nsops, const struct timespec *timeout);
#endif
#define SEM_INFO 19
#define SEM_STAT 18
#define SEM_STAT_ANY 20
#endif
