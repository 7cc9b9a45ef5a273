#ifndef _SYS_RESOURCE_H
#define _SYS_RESOURCE_H 1
#include <sys/types.h>
#include <bits/time_types.h>
#include <bits/timeval.h>
#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NOFILE 7
#define RLIMIT_OFILE 7
#define RLIMIT_AS 9
#define RLIMIT_NPROC 6
#define RLIMIT_MEMLOCK 8
#define RLIMIT_LOCKS 10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE 12
#define RLIMIT_NICE 13
#define RLIMIT_RTPRIO 14
#define RLIMIT_RTTIME 15
#define RLIMIT_NLIMITS 16
#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define PRIO_MIN (-20)
#define PRIO_MAX 20
#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2
#define RLIM_INFINITY (~0UL)
typedef unsigned long rlim_t;
struct rlimit {
  rlim_t rlim_cur;
  rlim_t rlim_max;
};
struct rusage {
  struct timeval ru_utime;
  struct timeval ru_stime;
  long ru_maxrss;
  long ru_ixrss;
  long ru_idrss;
  long ru_isrss;
  long ru_minflt;
  long ru_majflt;
  long ru_nswap;
  long ru_inblock;
  long ru_oublock;
  long ru_msgsnd;
  long ru_msgrcv;
  long ru_nsignals;
  long ru_nvcsw;
  long ru_nivcsw;
};
#if defined _GNU_SOURCE && !defined __cplusplus
typedef enum __rlimit_resource { __RLIMIT_UNUSED = 16 } __rlimit_resource_t;
typedef enum __rusage_who { __RUSAGE_UNUSED = 1 } __rusage_who_t;
typedef enum __priority_which { __PRIO_UNUSED = 2 } __priority_which_t;
#else
typedef int __rlimit_resource_t;
typedef int __rusage_who_t;
typedef int __priority_which_t;
#endif
int getrlimit(__rlimit_resource_t resource, struct rlimit *rlim);
int setrlimit(__rlimit_resource_t resource, const struct rlimit *rlim);
int getrusage(__rusage_who_t who, struct rusage *usage);
int getpriority(__priority_which_t which, id_t who);
int setpriority(__priority_which_t which, id_t who, int prio);
#define RLIM_NLIMITS 16
#define RLIM_SAVED_CUR (-1)
#define RLIM_SAVED_MAX (-1)
#endif
