/* sys/mman.h, sys/shm.h, sys/sem.h, mqueue.h: memory and messages shared between processes. */

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>

void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset) {
  (void)addr; /* a hint */
  if (flags & MAP_FIXED)
    __libc_unsupported("mmap with MAP_FIXED");
  return __syscall_mmap(length, prot, flags, fd, offset);
}

int mprotect(void *addr, size_t len, int prot) { return __syscall_mprotect(addr, len, prot); }
int munmap(void *addr, size_t length) { return __syscall_munmap(addr, length); }

int msync(void *addr, size_t length, int flags) {
  (void)addr;
  (void)length;
  (void)flags;
  return 0;
}

int madvise(void *addr, size_t length, int advice) {
  (void)addr;
  (void)length;
  (void)advice;
  return 0;
}

int shm_open(const char *name, int oflag, mode_t mode) {
  char path[300];
  if (!__shm_path(path, sizeof path, "", name))
    return -1;
  return __syscall_openat(path, oflag | O_NOFOLLOW | O_CLOEXEC, mode);
}

int shm_unlink(const char *name) {
  char path[300];
  if (!__shm_path(path, sizeof path, "", name))
    return -1;
  return __syscall_unlink(path);
}

/* ---- System V */

key_t ftok(const char *pathname, int proj_id) {
  struct stat st;
  if (__syscall_stat(pathname, &st) < 0)
    return -1;
  return (key_t)((st.st_ino & 0xffff) | (st.st_dev & 0xff) << 16 | ((unsigned int)proj_id & 0xff) << 24);
}

int shmget(key_t key, size_t size, int shmflg) { return __syscall_shmget(key, size, shmflg); }

void *shmat(int shmid, const void *shmaddr, int shmflg) {
  if ((unsigned long)shmaddr % 4096 && !(shmflg & SHM_RND)) {
    errno = EINVAL;
    return (void *)-1;
  }
  if (shmaddr)
    __libc_unsupported("shmat at an address of one's own");
  return __syscall_shmat(shmid, shmflg);
}

int shmdt(const void *shmaddr) { return __syscall_shmdt(shmaddr); }

int shmctl(int shmid, int cmd, struct shmid_ds *buf) { return __syscall_shmctl(shmid, cmd, buf); }

int semget(key_t key, int nsems, int semflg) { return __syscall_semget(key, nsems, semflg); }
int semop(int semid, struct sembuf *sops, size_t nsops) { return __syscall_semop(semid, sops, nsops, NULL); }

int semctl(int semid, int semnum, int cmd, ...) {
  int value = 0;
  void *array = NULL;
  if (cmd == SETVAL || cmd == GETALL || cmd == SETALL || cmd == IPC_STAT || cmd == IPC_SET) {
    /* The fourth argument is a union semun, but many pass the int or the pointer itself. */
    va_list ap;
    va_start(ap, cmd);
    long word = __libc_semun(ap);
    va_end(ap);
    value = (int)word;
    if (cmd != SETVAL)
      array = (void *)word;
    if (cmd == SETALL)
      return __syscall_semctl_setall(semid, array);
  }
  return __syscall_semctl(semid, semnum, cmd, value, array);
}

/* ---- message queues */

static const char *__mq_name(const char *name) {
  if (*name != '/') {
    errno = EINVAL;
    return NULL;
  }
  return name + 1;
}

mqd_t mq_open(const char *name, int oflag, ...) {
  mode_t mode = 0;
  struct mq_attr *attr = NULL;
  if (oflag & O_CREAT) {
    va_list ap;
    va_start(ap, oflag);
    mode = va_arg(ap, mode_t);
    attr = va_arg(ap, struct mq_attr *);
    va_end(ap);
  }
  const char *plain = __mq_name(name);
  if (!plain)
    return -1;
  return __syscall_mq_open(plain, oflag, mode, attr ? attr->mq_maxmsg : 0, attr ? attr->mq_msgsize : 0);
}

int mq_close(mqd_t mqdes) { return __syscall_close(mqdes); }

int mq_unlink(const char *name) {
  const char *plain = __mq_name(name);
  return plain ? __syscall_mq_unlink(plain) : -1;
}

int mq_send(mqd_t mqdes, const char *msg_ptr, size_t msg_len, unsigned int msg_prio) {
  return __syscall_mq_send(mqdes, msg_ptr, msg_len, msg_prio, NULL);
}

ssize_t mq_receive(mqd_t mqdes, char *msg_ptr, size_t msg_len, unsigned int *msg_prio) {
  return __syscall_mq_receive(mqdes, msg_ptr, msg_len, msg_prio, NULL);
}
