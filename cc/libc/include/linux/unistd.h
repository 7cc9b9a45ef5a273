#ifndef _UNISTD_H
#define _UNISTD_H 1
#include <features.h>
#include <bits/types.h>
#include <bits/systypes.h>
#include <bits/getopt.h>
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define R_OK 4
#define W_OK 2
#define X_OK 1
#define F_OK 0
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define F_ULOCK 0
#define F_LOCK 1
#define F_TLOCK 2
#define F_TEST 3
#define _POSIX_VERSION 200809L
#define _SC_ARG_MAX 0
#define _SC_CHILD_MAX 1
#define _SC_CLK_TCK 2
#define _SC_OPEN_MAX 4
#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE 30
#define _SC_SEM_VALUE_MAX 33
#define _SC_IOV_MAX 60
#define _SC_LOGIN_NAME_MAX 71
#define _SC_NPROCESSORS_CONF 83
#define _SC_NPROCESSORS_ONLN 84
#define _SC_PHYS_PAGES 85
#define _SC_AVPHYS_PAGES 86
#define _SC_HOST_NAME_MAX 180
#include <bits/intn.h>
extern char **__environ;
#ifdef _GNU_SOURCE
extern char **environ;
#endif
int access(const char *pathname, int mode);
off_t lseek(int fd, off_t offset, int whence);
int close(int fd);
ssize_t read(int fd, void *buf, size_t count);
ssize_t write(int fd, const void *buf, size_t count);
ssize_t pread(int fd, void *buf, size_t count, off_t offset);
ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset);
int pipe(int pipefd[2]);
unsigned int alarm(unsigned int seconds);
unsigned int sleep(unsigned int seconds);
unsigned int ualarm(useconds_t usecs, useconds_t interval);
int usleep(useconds_t usec);
int pause(void);
int chown(const char *pathname, uid_t owner, gid_t group);
int fchown(int fd, uid_t owner, gid_t group);
int lchown(const char *pathname, uid_t owner, gid_t group);
int fchdir(int fd);
int chdir(const char *path);
char *getcwd(char *buf, size_t size);
int dup(int oldfd);
int dup2(int oldfd, int newfd);
int execve(const char *pathname, char *const argv[], char *const envp[]);
int execv(const char *pathname, char *const argv[]);
int execle(const char *pathname, const char *arg, ...);
int execl(const char *pathname, const char *arg, ...);
int execvp(const char *file, char *const argv[]);
int execlp(const char *file, const char *arg, ...);
int nice(int inc);
void _exit(int status) __attribute__((noreturn));
long sysconf(int name);
long pathconf(const char *path, int name);
pid_t getpid(void);
pid_t getppid(void);
pid_t getpgrp(void);
int setpgrp(void);
pid_t getpgid(pid_t pid);
int setpgid(pid_t pid, pid_t pgid);
pid_t setsid(void);
pid_t getsid(pid_t pid);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t uid);
int setgid(gid_t gid);
int seteuid(uid_t uid);
int setegid(gid_t gid);
int setreuid(uid_t ruid, uid_t euid);
int setregid(gid_t rgid, gid_t egid);
pid_t fork(void);
pid_t vfork(void);
char *ttyname(int fd);
int isatty(int fd);
int link(const char *oldpath, const char *newpath);
int symlink(const char *target, const char *linkpath);
ssize_t readlink(const char *pathname, char *buf, size_t bufsiz);
int unlink(const char *pathname);
int rmdir(const char *pathname);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t pgrp);
char *getlogin(void);
int getlogin_r(char *buf, size_t bufsize);
int gethostname(char *name, size_t len);
int sethostname(const char *name, size_t len);
int getdomainname(char *name, size_t len);
long gethostid(void);
int daemon(int nochdir, int noclose);
int chroot(const char *path);
char *getpass(const char *prompt);
int fsync(int fd);
void sync(void);
int getpagesize(void);
int getdtablesize(void);
int truncate(const char *path, off_t length);
int ftruncate(int fd, off_t length);
int brk(void *addr);
void *sbrk(intptr_t increment);
long syscall(long number, ...);
int lockf(int fd, int cmd, off_t len);
int fdatasync(int fd);
#ifdef _GNU_SOURCE
int pipe2(int pipefd[2], int flags);
int dup3(int oldfd, int newfd, int flags);
int execvpe(const char *file, char *const argv[], char *const envp[]);
char *get_current_dir_name(void);
pid_t gettid(void);
int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid);
int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid);
int setresuid(uid_t ruid, uid_t euid, uid_t suid);
int setresgid(gid_t rgid, gid_t egid, gid_t sgid);
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif
#define L_INCR 1
#define L_SET 0
#define L_XTND 2
#define _PC_LINK_MAX 0
#define _PC_MAX_CANON 1
#define _PC_MAX_INPUT 2
#define _PC_NAME_MAX 3
#define _PC_PATH_MAX 4
#define _PC_PIPE_BUF 5
#define _PC_CHOWN_RESTRICTED 6
#define _PC_NO_TRUNC 7
#define _PC_VDISABLE 8
#define _PC_SYNC_IO 9
#define _PC_ASYNC_IO 10
#define _PC_PRIO_IO 11
#define _PC_SOCK_MAXBUF 12
#define _PC_FILESIZEBITS 13
#define _PC_REC_INCR_XFER_SIZE 14
#define _PC_REC_MAX_XFER_SIZE 15
#define _PC_REC_MIN_XFER_SIZE 16
#define _PC_REC_XFER_ALIGN 17
#define _PC_ALLOC_SIZE_MIN 18
#define _PC_SYMLINK_MAX 19
#define _PC_2_SYMLINKS 20
#define _CS_PATH 0
#define _CS_GNU_LIBC_VERSION 2
#define _CS_GNU_LIBPTHREAD_VERSION 3
long fpathconf(int fd, int name);
size_t confstr(int name, char *buf, size_t len);
int getgroups(int size, gid_t list[]);
#ifdef _DEFAULT_SOURCE
#endif
#ifdef _GNU_SOURCE
void swab(const void *from, void *to, ssize_t n);
#endif
#endif
