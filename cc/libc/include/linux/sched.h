#ifndef _SCHED_H
#define _SCHED_H 1
#include <bits/types.h>
#include <bits/systypes.h>
#include <bits/time_types.h>
#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
struct sched_param {
  int sched_priority;
};
typedef struct {
  unsigned long __bits[16];
} cpu_set_t;
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
#ifdef _GNU_SOURCE
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6
#define CLONE_VM 0x100
#define CLONE_FS 0x200
#define CLONE_FILES 0x400
#define CLONE_SIGHAND 0x800
#define CLONE_VFORK 0x4000
#define CLONE_PARENT 0x8000
#define CLONE_THREAD 0x10000
#define CLONE_NEWNS 0x20000
#define CLONE_SYSVSEM 0x40000
#define CLONE_SETTLS 0x80000
#define CLONE_NEWUTS 0x4000000
#define CLONE_NEWIPC 0x8000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000
#define CPU_SETSIZE 1024
#define CPU_SET(cpu, cpusetp) ((void)((cpusetp)->__bits[(cpu) / 64] |= 1UL << (cpu) % 64))
#define CPU_CLR(cpu, cpusetp) ((void)((cpusetp)->__bits[(cpu) / 64] &= ~(1UL << (cpu) % 64)))
#define CPU_ISSET(cpu, cpusetp) (((cpusetp)->__bits[(cpu) / 64] >> (cpu) % 64 & 1) != 0)
#define CPU_ZERO(cpusetp) ((void)(*(cpusetp) = (cpu_set_t){{0}}))
#define CPU_COUNT(cpusetp) __sched_cpucount(sizeof(cpu_set_t), cpusetp)
int __sched_cpucount(size_t setsize, const cpu_set_t *setp);
int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);
int unshare(int flags);
int setns(int fd, int nstype);
int sched_getcpu(void);
int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *cpuset);
int sched_getaffinity(pid_t pid, size_t cpusetsize, cpu_set_t *cpuset);
#endif
int sched_yield(void);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
#endif
