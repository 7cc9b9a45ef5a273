#ifndef _SYS_SHM_H
#define _SYS_SHM_H 1
#include <bits/types.h>
#include <bits/time_types.h>
#include <sys/ipc.h>
#define SHM_R 0400
#define SHM_W 0200
#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_LOCK 11
#define SHM_UNLOCK 12
typedef unsigned long shmatt_t;
struct shmid_ds {
  struct ipc_perm shm_perm;
  size_t shm_segsz;
  time_t shm_atime;
  time_t shm_dtime;
  time_t shm_ctime;
  pid_t shm_cpid;
  pid_t shm_lpid;
  shmatt_t shm_nattch;
  unsigned long __glibc_reserved5;
  unsigned long __glibc_reserved6;
};
int shmctl(int shmid, int cmd, struct shmid_ds *buf);
int shmget(key_t key, size_t size, int shmflg);
void *shmat(int shmid, const void *shmaddr, int shmflg);
int shmdt(const void *shmaddr);
#define SHM_DEST 512
#define SHM_EXEC 32768
#define SHM_HUGETLB 2048
#define SHM_INFO 14
#define SHM_LOCKED 1024
#define SHM_NORESERVE 4096
#define SHM_STAT 13
#define SHM_STAT_ANY 15
#endif
