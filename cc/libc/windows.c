/* Windows hosts: Winsock, and what a beginner takes from windows.h, on the same kernel. Constants
   that Windows numbers otherwise are translated here, at the boundary. */

#include <conio.h>
#include <errno.h>
#include <io.h>
#include <process.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

/* ---- errors: one value a thread would be right; beginners' programs look at once */

static DWORD __last_error;

DWORD GetLastError(void) { return __last_error; }
void SetLastError(DWORD dwErrCode) { __last_error = dwErrCode; }
int WSAGetLastError(void) { return (int)__last_error; }
void WSASetLastError(int iError) { __last_error = (DWORD)iError; }

/* The result of a call: -1 leaves the Winsock code of errno behind. */
static int __wsa(int result) {
  if (result < 0)
    __last_error = (DWORD)__libc_wsa_error(errno);
  return result;
}

/* ---- start and end */

int WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData) {
  unsigned short versions[2] = { 0, 0 };
  int result = __syscall_wsa_startup(wVersionRequested, versions);
  if (result < 0)
    return __libc_wsa_error(errno);
  if (result > 0)
    return result;
  memset(lpWSAData, 0, sizeof *lpWSAData);
  lpWSAData->wVersion = versions[0];
  lpWSAData->wHighVersion = versions[1];
  strcpy(lpWSAData->szDescription, "WinSock 2.0");
  strcpy(lpWSAData->szSystemStatus, "Running");
  if (LOBYTE(wVersionRequested) < 2) {
    lpWSAData->iMaxSockets = 32767;
    lpWSAData->iMaxUdpDg = 65467;
  }
  return 0;
}

int WSACleanup(void) { return __wsa(__syscall_wsa_cleanup()); }

/* ---- addresses: the family of IPv6 is 23 here and 10 there */

struct __address {
  char bytes[128];
  int len;
};

static void __to_kernel(struct __address *to, const struct sockaddr *from, int len) {
  if (len > 128)
    len = 128;
  if (len > 0)
    __libc_memcpy(to->bytes, from, (size_t)len);
  if (len >= 2 && to->bytes[0] == AF_INET6 && to->bytes[1] == 0)
    to->bytes[0] = 10;
  to->len = len;
}

/* What the kernel wrote, cut to the caller's room; a buffer that is too small is an error here. */
static int __from_kernel(const struct __address *from, struct sockaddr *to, int *len) {
  if (!to || !len)
    return 0;
  int have = from->len < 128 ? from->len : 128;
  if (*len < have) {
    __last_error = WSAEFAULT;
    return -1;
  }
  __libc_memcpy(to, from->bytes, (size_t)have);
  if (have >= 2 && ((char *)to)[0] == 10)
    ((char *)to)[0] = AF_INET6;
  *len = have;
  return 0;
}

/* ---- sockets */

static int __domain(int af) { return af == AF_INET6 ? 10 : af; }
static int __fd(SOCKET s) { return (int)s; }

SOCKET socket(int af, int type, int protocol) {
  int fd = __wsa(__syscall_socket(__domain(af), type, protocol));
  return fd < 0 ? INVALID_SOCKET : (SOCKET)fd;
}

int closesocket(SOCKET s) { return __wsa(__syscall_closesocket(__fd(s))); }

int bind(SOCKET s, const struct sockaddr *name, int namelen) {
  struct __address addr;
  __to_kernel(&addr, name, namelen);
  if (namelen < 16) {
    __last_error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  return __wsa(__syscall_bind(__fd(s), addr.bytes, addr.len));
}

int connect(SOCKET s, const struct sockaddr *name, int namelen) {
  struct __address addr;
  __to_kernel(&addr, name, namelen);
  int result = __wsa(__syscall_connect(__fd(s), addr.bytes, addr.len));
  /* A non-blocking connect that goes on is WSAEWOULDBLOCK, not "in progress". */
  if (result < 0 && __last_error == WSAEINPROGRESS)
    __last_error = WSAEWOULDBLOCK;
  return result;
}

int listen(SOCKET s, int backlog) { return __wsa(__syscall_listen(__fd(s), backlog)); }

SOCKET accept(SOCKET s, struct sockaddr *addr, int *addrlen) {
  struct __address peer;
  peer.len = 128;
  int fd = __wsa(addr ? __syscall_accept(__fd(s), peer.bytes, &peer.len) : __syscall_accept(__fd(s), NULL, NULL));
  if (fd < 0)
    return INVALID_SOCKET;
  if (__from_kernel(&peer, addr, addrlen) < 0) {
    __syscall_closesocket(fd);
    return INVALID_SOCKET;
  }
  return (SOCKET)fd;
}

/* MSG_OOB, MSG_PEEK and MSG_DONTROUTE are the same; MSG_WAITALL is not. No SIGPIPE here. */
static int __message_flags(int flags) { return (flags & 7) | (flags & MSG_WAITALL ? 0x100 : 0) | 0x4000; }

int send(SOCKET s, const char *buf, int len, int flags) {
  return __wsa((int)__syscall_sendto(__fd(s), buf, (unsigned long long)len, __message_flags(flags), NULL, 0));
}

int sendto(SOCKET s, const char *buf, int len, int flags, const struct sockaddr *to, int tolen) {
  struct __address addr;
  if (!to)
    return send(s, buf, len, flags);
  __to_kernel(&addr, to, tolen);
  return __wsa((int)__syscall_sendto(__fd(s), buf, (unsigned long long)len, __message_flags(flags), addr.bytes, addr.len));
}

int recv(SOCKET s, char *buf, int len, int flags) {
  return __wsa((int)__syscall_recvfrom(__fd(s), buf, (unsigned long long)len, __message_flags(flags) & ~0x4000, NULL, NULL));
}

int recvfrom(SOCKET s, char *buf, int len, int flags, struct sockaddr *from, int *fromlen) {
  struct __address peer;
  peer.len = 128;
  if (!from)
    return recv(s, buf, len, flags);
  int n = __wsa((int)__syscall_recvfrom(__fd(s), buf, (unsigned long long)len, __message_flags(flags) & ~0x4000, peer.bytes, &peer.len));
  if (n >= 0 && __from_kernel(&peer, from, fromlen) < 0)
    return SOCKET_ERROR;
  return n;
}

int shutdown(SOCKET s, int how) { return __wsa(__syscall_shutdown(__fd(s), how)); }

int getsockname(SOCKET s, struct sockaddr *name, int *namelen) {
  struct __address addr;
  addr.len = 128;
  int result = __wsa(__syscall_getsockname(__fd(s), addr.bytes, &addr.len));
  return result < 0 ? result : __from_kernel(&addr, name, namelen);
}

int getpeername(SOCKET s, struct sockaddr *name, int *namelen) {
  struct __address addr;
  addr.len = 128;
  int result = __wsa(__syscall_getpeername(__fd(s), addr.bytes, &addr.len));
  return result < 0 ? result : __from_kernel(&addr, name, namelen);
}

/* The kernel's number of an option; -1 if it has none. */
static int __option(int *level, int name) {
  if (*level == SOL_SOCKET) {
    *level = 1;
    switch (name) {
    case SO_DEBUG: return 1;
    case SO_REUSEADDR: return 2;
    case SO_TYPE: return 3;
    case SO_ERROR: return 4;
    case SO_DONTROUTE: return 5;
    case SO_BROADCAST: return 6;
    case SO_SNDBUF: return 7;
    case SO_RCVBUF: return 8;
    case SO_KEEPALIVE: return 9;
    case SO_OOBINLINE: return 10;
    case SO_LINGER: return 13;
    case SO_RCVLOWAT: return 18;
    case SO_SNDLOWAT: return 19;
    case SO_RCVTIMEO: return 20;
    case SO_SNDTIMEO: return 21;
    case SO_ACCEPTCONN: return 30;
    default: return -1;
    }
  }
  if (*level == IPPROTO_TCP)
    return name == TCP_NODELAY ? 1 : -1;
  if (*level == IPPROTO_IP) {
    switch (name) {
    case IP_TOS: return 1;
    case IP_TTL: return 2;
    case IP_HDRINCL: return 3;
    case IP_MULTICAST_IF: return 32;
    case IP_MULTICAST_TTL: return 33;
    case IP_MULTICAST_LOOP: return 34;
    case IP_ADD_MEMBERSHIP: return 35;
    case IP_DROP_MEMBERSHIP: return 36;
    default: return -1;
    }
  }
  if (*level == IPPROTO_IPV6)
    return name == IPV6_V6ONLY ? 26 : name == IPV6_UNICAST_HOPS ? 16 : -1;
  return -1;
}

static int __no_such_option(void) {
  __last_error = WSAENOPROTOOPT;
  return SOCKET_ERROR;
}

int setsockopt(SOCKET s, int level, int optname, const char *optval, int optlen) {
  int name = __option(&level, optname);
  if (level == 1 && optname == SO_EXCLUSIVEADDRUSE)
    return 0; /* what Linux does by itself */
  if (name < 0)
    return __no_such_option();
  if (!optval || optlen <= 0) {
    __last_error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  if (level == 1 && (name == 20 || name == 21) && optlen >= 4) {
    /* Milliseconds here, a struct timeval there. */
    DWORD ms = *(const DWORD *)optval;
    long long time[2] = { ms / 1000, ms % 1000 * 1000LL };
    return __wsa(__syscall_setsockopt(__fd(s), level, name, time, sizeof time));
  }
  if (level == 1 && name == 13 && optlen >= 4) {
    const struct linger *linger = (const struct linger *)optval;
    int wide[2] = { linger->l_onoff, linger->l_linger };
    return __wsa(__syscall_setsockopt(__fd(s), level, name, wide, sizeof wide));
  }
  if (optlen < 4 && name != 35 && name != 36) {
    /* A BOOL of one byte is accepted here. */
    int wide = *optval;
    return __wsa(__syscall_setsockopt(__fd(s), level, name, &wide, sizeof wide));
  }
  return __wsa(__syscall_setsockopt(__fd(s), level, name, optval, optlen));
}

int getsockopt(SOCKET s, int level, int optname, char *optval, int *optlen) {
  int name = __option(&level, optname);
  if (name < 0)
    return __no_such_option();
  if (level == 1 && (name == 20 || name == 21)) {
    long long time[2] = { 0, 0 };
    int len = sizeof time;
    int result = __wsa(__syscall_getsockopt(__fd(s), level, name, time, &len));
    if (result == 0 && *optlen >= 4) {
      *(DWORD *)optval = (DWORD)(time[0] * 1000 + time[1] / 1000);
      *optlen = 4;
    }
    return result;
  }
  if (level == 1 && name == 13) {
    int wide[2] = { 0, 0 };
    int len = sizeof wide;
    int result = __wsa(__syscall_getsockopt(__fd(s), level, name, wide, &len));
    if (result == 0 && *optlen >= 4) {
      ((struct linger *)optval)->l_onoff = (u_short)wide[0];
      ((struct linger *)optval)->l_linger = (u_short)wide[1];
      *optlen = 4;
    }
    return result;
  }
  int result = __wsa(__syscall_getsockopt(__fd(s), level, name, optval, optlen));
  /* A pending error is told in Winsock's number. */
  if (result == 0 && level == 1 && name == 4 && *(int *)optval != 0)
    *(int *)optval = __libc_wsa_error(*(int *)optval);
  return result;
}

int ioctlsocket(SOCKET s, long cmd, u_long *argp) {
  int arg = (int)*argp;
  unsigned long long request;
  if ((unsigned long)cmd == (unsigned long)FIONBIO)
    request = 0x5421;
  else if ((unsigned long)cmd == (unsigned long)FIONREAD)
    request = 0x541b;
  else if ((unsigned long)cmd == (unsigned long)SIOCATMARK)
    request = 0x8905;
  else {
    __last_error = WSAEOPNOTSUPP;
    return SOCKET_ERROR;
  }
  int result = __wsa(__syscall_ioctl(__fd(s), request, &arg));
  if (result == 0 && request != 0x5421)
    *argp = (u_long)arg;
  return result;
}

/* ---- readiness: fd_set is a list of sockets here, a bit map there */

int __WSAFDIsSet(SOCKET fd, fd_set *set) {
  for (u_int i = 0; i < set->fd_count; i++)
    if (set->fd_array[i] == fd)
      return 1;
  return 0;
}

void __wsa_fd_set(SOCKET fd, fd_set *set) {
  if (!__WSAFDIsSet(fd, set) && set->fd_count < FD_SETSIZE)
    set->fd_array[set->fd_count++] = fd;
}

void __wsa_fd_clr(SOCKET fd, fd_set *set) {
  for (u_int i = 0; i < set->fd_count; i++)
    if (set->fd_array[i] == fd) {
      for (u_int j = i + 1; j < set->fd_count; j++)
        set->fd_array[j - 1] = set->fd_array[j];
      set->fd_count--;
      return;
    }
}

struct __bits {
  unsigned long long words[16];
};

static struct __bits *__to_bits(const fd_set *set, struct __bits *bits, int *nfds) {
  if (!set)
    return NULL;
  memset(bits, 0, sizeof *bits);
  for (u_int i = 0; i < set->fd_count; i++) {
    unsigned int fd = (unsigned int)set->fd_array[i];
    if (fd >= 1024)
      continue;
    bits->words[fd / 64] |= 1ULL << fd % 64;
    if ((int)fd >= *nfds)
      *nfds = (int)fd + 1;
  }
  return bits;
}

static void __from_bits(fd_set *set, const struct __bits *bits) {
  if (!set)
    return;
  u_int kept = 0;
  for (u_int i = 0; i < set->fd_count; i++) {
    unsigned int fd = (unsigned int)set->fd_array[i];
    if (fd < 1024 && bits->words[fd / 64] >> fd % 64 & 1)
      set->fd_array[kept++] = fd;
  }
  set->fd_count = kept;
}

int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout) {
  struct __bits sets[3];
  int count = 0;
  (void)nfds; /* ignored on Windows */
  if (!readfds && !writefds && !exceptfds) {
    __last_error = WSAEINVAL;
    return SOCKET_ERROR;
  }
  struct __bits *r = __to_bits(readfds, &sets[0], &count);
  struct __bits *w = __to_bits(writefds, &sets[1], &count);
  struct __bits *e = __to_bits(exceptfds, &sets[2], &count);
  struct timespec left;
  if (timeout) {
    left.tv_sec = timeout->tv_sec;
    left.tv_nsec = timeout->tv_usec * 1000;
  }
  int result = __wsa(__syscall_select(count, r, w, e, timeout ? &left : NULL));
  if (result >= 0) {
    __from_bits(readfds, r);
    __from_bits(writefds, w);
    __from_bits(exceptfds, e);
  }
  return result;
}

int WSAPoll(LPWSAPOLLFD fdArray, unsigned long fds, int timeout) {
  struct {
    int fd;
    short events;
    short revents;
  } linux_fds[64];
  if (fds > 64) {
    __last_error = WSAEINVAL;
    return SOCKET_ERROR;
  }
  for (unsigned long i = 0; i < fds; i++) {
    short events = fdArray[i].events;
    linux_fds[i].fd = __fd(fdArray[i].fd);
    linux_fds[i].events = (short)((events & POLLRDNORM ? 1 : 0) | (events & POLLRDBAND ? 2 : 0) | (events & POLLWRNORM ? 4 : 0));
    linux_fds[i].revents = 0;
  }
  int result = __wsa(__syscall_poll(linux_fds, fds, timeout));
  for (unsigned long i = 0; result >= 0 && i < fds; i++) {
    short got = linux_fds[i].revents;
    fdArray[i].revents = (short)((got & 1 ? POLLRDNORM : 0) | (got & 2 ? POLLRDBAND : 0) | (got & 4 ? POLLWRNORM : 0) | (got & 8 ? POLLERR : 0) |
                                 (got & 16 ? POLLHUP : 0) | (got & 32 ? POLLNVAL : 0));
  }
  return result;
}

int gethostname(char *name, int namelen) {
  char fields[6 * 65];
  if (__wsa(__syscall_uname(fields)) < 0)
    return SOCKET_ERROR;
  if ((int)strlen(fields + 65) >= namelen) {
    __last_error = WSAEFAULT;
    return SOCKET_ERROR;
  }
  strcpy(name, fields + 65);
  return 0;
}

/* ---- time */

/* CLOCK_MONOTONIC */
static ULONGLONG __ticks(void) {
  struct timespec now;
  __syscall_clock_gettime(1, &now);
  return (ULONGLONG)now.tv_sec * 1000 + (ULONGLONG)(now.tv_nsec / 1000000);
}

void Sleep(DWORD dwMilliseconds) {
  struct timespec time = { dwMilliseconds / 1000, (long)(dwMilliseconds % 1000) * 1000000 };
  __syscall_clock_nanosleep(1, 0, &time, NULL);
}

unsigned int sleep(unsigned int seconds) {
  Sleep(seconds * 1000);
  return 0;
}

int usleep(useconds_t usec) {
  Sleep(usec / 1000);
  return 0;
}

DWORD GetTickCount(void) { return (DWORD)__ticks(); }
ULONGLONG GetTickCount64(void) { return __ticks(); }

BOOL QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency) {
  lpFrequency->QuadPart = 10000000;
  return TRUE;
}

BOOL QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount) {
  struct timespec now;
  __syscall_clock_gettime(1, &now);
  lpPerformanceCount->QuadPart = now.tv_sec * 10000000 + now.tv_nsec / 100;
  return TRUE;
}

void GetSystemTime(LPSYSTEMTIME lpSystemTime) {
  struct timespec now;
  struct tm tm;
  __syscall_clock_gettime(0, &now);
  __libc_gmtime(now.tv_sec, &tm);
  lpSystemTime->wYear = (WORD)(tm.tm_year + 1900);
  lpSystemTime->wMonth = (WORD)(tm.tm_mon + 1);
  lpSystemTime->wDayOfWeek = (WORD)tm.tm_wday;
  lpSystemTime->wDay = (WORD)tm.tm_mday;
  lpSystemTime->wHour = (WORD)tm.tm_hour;
  lpSystemTime->wMinute = (WORD)tm.tm_min;
  lpSystemTime->wSecond = (WORD)tm.tm_sec;
  lpSystemTime->wMilliseconds = (WORD)(now.tv_nsec / 1000000);
}

void GetLocalTime(LPSYSTEMTIME lpSystemTime) { GetSystemTime(lpSystemTime); }

/* ---- handles: threads, mutexes and semaphores behind a pointer */

enum __kind { THREAD_HANDLE = 1, MUTEX_HANDLE, SEMAPHORE_HANDLE };

struct __handle {
  int kind;
  int tid;
  int ended; /* waited on by WaitForSingleObject */
  int count; /* of a semaphore or a recursive mutex */
  int maximum;
  int owner;
  DWORD exit_code;
  LPTHREAD_START_ROUTINE start;
  LPVOID parameter;
};

int __libc_threaded;
void __thread_exit_hooks(void) {}
static struct __handle *__threads[256];

static struct __handle *__new_handle(int kind) {
  struct __handle *handle = calloc(1, sizeof *handle);
  if (handle)
    handle->kind = kind;
  return handle;
}

static void __end_thread(DWORD code) {
  int me = __libc_tid();
  for (int i = 0; i < 256; i++)
    if (__threads[i] && __threads[i]->tid == me) {
      __threads[i]->exit_code = code;
      __libc_store(&__threads[i]->ended, 1);
      __syscall_futex_wake(&__threads[i]->ended, 0x7fffffff);
      __threads[i] = NULL;
    }
}

static void *__run_thread(void *arg) {
  struct __handle *handle = arg;
  __libc_store(&handle->tid, __libc_tid());
  DWORD code = handle->start(handle->parameter);
  __end_thread(code);
  return (void *)(ULONG_PTR)code;
}

HANDLE CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter, DWORD dwCreationFlags,
                    LPDWORD lpThreadId) {
  (void)lpThreadAttributes;
  (void)dwStackSize;
  if (dwCreationFlags & CREATE_SUSPENDED)
    __libc_unsupported("CreateThread with CREATE_SUSPENDED");
  struct __handle *handle = __new_handle(THREAD_HANDLE);
  handle->start = lpStartAddress;
  handle->parameter = lpParameter;
  handle->exit_code = STILL_ACTIVE;
  for (int i = 0; i < 256; i++)
    if (!__threads[i]) {
      __threads[i] = handle;
      break;
    }
  __libc_threaded = 1;
  int tid = __wsa(__syscall_thread_create((void *)__run_thread, handle));
  if (tid < 0)
    return NULL;
  __libc_store(&handle->tid, tid);
  __syscall_thread_detach(tid);
  if (lpThreadId)
    *lpThreadId = (DWORD)tid;
  return handle;
}

void ExitThread(DWORD dwExitCode) {
  __end_thread(dwExitCode);
  for (;;)
    __syscall_thread_exit(NULL);
}

uintptr_t _beginthreadex(void *security, unsigned int stack_size, unsigned int (*start_address)(void *), void *arglist, unsigned int initflag, unsigned int *thrdaddr) {
  DWORD id = 0;
  HANDLE handle = CreateThread(security, stack_size, (LPTHREAD_START_ROUTINE)start_address, arglist, initflag, &id);
  if (thrdaddr)
    *thrdaddr = id;
  return (uintptr_t)handle;
}

uintptr_t _beginthread(void (*start_address)(void *), unsigned int stack_size, void *arglist) {
  return (uintptr_t)CreateThread(NULL, stack_size, (LPTHREAD_START_ROUTINE)(void *)start_address, arglist, 0, NULL);
}

void _endthread(void) { ExitThread(0); }
void _endthreadex(unsigned int retval) { ExitThread(retval); }

/* Waits until the word is no longer `value`; 0, or 1 when the time is over. */
static int __wait_word(int *word, int value, ULONGLONG deadline) {
  struct timespec left;
  if (deadline != ~0ULL) {
    ULONGLONG now = __ticks();
    if (now >= deadline)
      return 1;
    left.tv_sec = (time_t)((deadline - now) / 1000);
    left.tv_nsec = (long)((deadline - now) % 1000) * 1000000;
  }
  __syscall_futex_wait(word, value, deadline != ~0ULL ? &left : NULL);
  return 0;
}

DWORD WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds) {
  struct __handle *handle = hHandle;
  ULONGLONG deadline = dwMilliseconds == INFINITE ? ~0ULL : __ticks() + dwMilliseconds;
  if (!handle || hHandle == INVALID_HANDLE_VALUE) {
    __last_error = ERROR_INVALID_HANDLE;
    return WAIT_FAILED;
  }
  if (handle->kind == THREAD_HANDLE) {
    while (__libc_load(&handle->ended) == 0)
      if (__wait_word(&handle->ended, 0, deadline))
        return WAIT_TIMEOUT;
    return WAIT_OBJECT_0;
  }
  if (handle->kind == MUTEX_HANDLE) {
    int me = __libc_tid();
    while (__libc_cas(&handle->owner, 0, me) != 0 && __libc_load(&handle->owner) != me)
      if (__wait_word(&handle->owner, __libc_load(&handle->owner), deadline))
        return WAIT_TIMEOUT;
    handle->count++;
    return WAIT_OBJECT_0;
  }
  for (;;) {
    int count = __libc_load(&handle->count);
    if (count > 0 && __libc_cas(&handle->count, count, count - 1) == count)
      return WAIT_OBJECT_0;
    if (count == 0 && __wait_word(&handle->count, 0, deadline))
      return WAIT_TIMEOUT;
  }
}

DWORD WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll, DWORD dwMilliseconds) {
  if (!bWaitAll && nCount > 1)
    __libc_unsupported("WaitForMultipleObjects for any of several");
  for (DWORD i = 0; i < nCount; i++) {
    DWORD result = WaitForSingleObject(lpHandles[i], dwMilliseconds);
    if (result != WAIT_OBJECT_0)
      return result;
  }
  return WAIT_OBJECT_0;
}

BOOL GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode) {
  *lpExitCode = ((struct __handle *)hThread)->exit_code;
  return TRUE;
}

/* A handle's memory stays: a running thread still needs it. */
BOOL CloseHandle(HANDLE hObject) {
  if (!hObject || hObject == INVALID_HANDLE_VALUE) {
    __last_error = ERROR_INVALID_HANDLE;
    return FALSE;
  }
  return TRUE;
}

HANDLE CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner, LPCSTR lpName) {
  (void)lpMutexAttributes;
  if (lpName)
    __libc_unsupported("CreateMutex with a name");
  struct __handle *handle = __new_handle(MUTEX_HANDLE);
  if (handle && bInitialOwner) {
    handle->owner = __libc_tid();
    handle->count = 1;
  }
  return handle;
}

BOOL ReleaseMutex(HANDLE hMutex) {
  struct __handle *handle = hMutex;
  if (__libc_load(&handle->owner) != __libc_tid()) {
    __last_error = 288; /* ERROR_NOT_OWNER */
    return FALSE;
  }
  if (--handle->count == 0) {
    __libc_store(&handle->owner, 0);
    __syscall_futex_wake(&handle->owner, 1);
  }
  return TRUE;
}

HANDLE CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount, LONG lMaximumCount, LPCSTR lpName) {
  (void)lpSemaphoreAttributes;
  if (lpName)
    __libc_unsupported("CreateSemaphore with a name");
  struct __handle *handle = __new_handle(SEMAPHORE_HANDLE);
  if (handle) {
    handle->count = lInitialCount;
    handle->maximum = lMaximumCount;
  }
  return handle;
}

BOOL ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount) {
  struct __handle *handle = hSemaphore;
  int old = __libc_load(&handle->count);
  if (lReleaseCount <= 0 || old + lReleaseCount > handle->maximum) {
    __last_error = 298; /* ERROR_TOO_MANY_POSTS */
    return FALSE;
  }
  old = __libc_add(&handle->count, lReleaseCount);
  if (lpPreviousCount)
    *lpPreviousCount = old;
  __syscall_futex_wake(&handle->count, lReleaseCount);
  return TRUE;
}

void InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
  memset(lpCriticalSection, 0, sizeof *lpCriticalSection);
  lpCriticalSection->LockCount = 0;
}

BOOL TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
  int me = __libc_tid();
  int old = __libc_cas(&lpCriticalSection->LockCount, 0, me);
  if (old != 0 && old != me)
    return FALSE;
  lpCriticalSection->RecursionCount++;
  return TRUE;
}

void EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
  while (!TryEnterCriticalSection(lpCriticalSection)) {
    int owner = __libc_load(&lpCriticalSection->LockCount);
    if (owner != 0)
      __syscall_futex_wait(&lpCriticalSection->LockCount, owner, NULL);
  }
}

void LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection) {
  if (--lpCriticalSection->RecursionCount == 0) {
    __libc_store(&lpCriticalSection->LockCount, 0);
    __syscall_futex_wake(&lpCriticalSection->LockCount, 1);
  }
}

void DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection) { (void)lpCriticalSection; }
LONG InterlockedIncrement(LONG volatile *Addend) { return __libc_add((void *)Addend, 1) + 1; }
LONG InterlockedDecrement(LONG volatile *Addend) { return __libc_add((void *)Addend, -1) - 1; }

/* ---- the process and its console */

DWORD GetCurrentProcessId(void) { return (DWORD)__syscall_getpid(); }
DWORD GetCurrentThreadId(void) { return (DWORD)__libc_tid(); }
HANDLE GetCurrentThread(void) { return (HANDLE)(LONG_PTR)-2; }
void ExitProcess(UINT uExitCode) { exit((int)uExitCode); }
int _getpid(void) { return __syscall_getpid(); }
int getpid(void) { return __syscall_getpid(); }
BOOL SetConsoleOutputCP(UINT wCodePageID) { (void)wCodePageID; return TRUE; }
BOOL SetConsoleCP(UINT wCodePageID) { (void)wCodePageID; return TRUE; }
BOOL SetConsoleTitleA(LPCSTR lpConsoleTitle) { (void)lpConsoleTitle; return TRUE; }

/* system(3): only what a console program does for its looks. */
int system(const char *command) {
  if (!command)
    return 1;
  if (stricmp(command, "pause") == 0) {
    printf("Press any key to continue . . . ");
    fflush(stdout);
    getchar();
    printf("\n");
    return 0;
  }
  if (stricmp(command, "cls") == 0 || strnicmp(command, "color", 5) == 0 || strnicmp(command, "title", 5) == 0 || strnicmp(command, "chcp", 4) == 0)
    return 0;
  __libc_unsupported("system");
  return -1;
}

int _close(int fd) { return __syscall_close(fd); }
int close(int fd) { return __syscall_close(fd); }
int _write(int fd, const void *buf, unsigned int count) { return (int)__syscall_write(fd, buf, count); }
int write(int fd, const void *buf, unsigned int count) { return (int)__syscall_write(fd, buf, count); }
int _read(int fd, void *buf, unsigned int count) { return (int)__syscall_read(fd, buf, count); }
int read(int fd, void *buf, unsigned int count) { return (int)__syscall_read(fd, buf, count); }
int _isatty(int fd) { return fd >= 0 && fd <= 2; }
int isatty(int fd) { return _isatty(fd); }
int _getch(void) { return getchar(); }
int _getche(void) { return getchar(); }
int getch(void) { return getchar(); }
int getche(void) { return getchar(); }
int _putch(int ch) { return putchar(ch); }
int putch(int ch) { return putchar(ch); }

/* Windows has few signals; the ones there are number alike. */
void (*signal(int signum, void (*handler)(int)))(int) {
  struct {
    void (*handler)(int);
    unsigned long long mask[16];
    int flags;
    void *restorer;
  } act, old;
  memset(&act, 0, sizeof act);
  act.handler = handler;
  act.flags = 0x10000000;
  if (__syscall_rt_sigaction(signum == SIGABRT ? 6 : signum, &act, &old) < 0)
    return SIG_ERR;
  return old.handler;
}

int raise(int sig) { return __syscall_tgkill(__syscall_getpid(), __libc_tid(), sig == SIGABRT ? 6 : sig); }

void abort(void) {
  raise(SIGABRT);
  for (;;)
    __syscall_exit_group(3);
}

void __assert_fail(const char *assertion, const char *file, unsigned int line, const char *function) {
  (void)function;
  fflush(stdout);
  fprintf(stderr, "Assertion failed: %s, file %s, line %u\n", assertion, file, line);
  abort();
}

/* FormatMessage for the codes that a network program meets. */
static const struct {
  DWORD code;
  const char *text;
} __messages[] = {
  { WSAEINTR, "A blocking operation was interrupted by a call to WSACancelBlockingCall." },
  { WSAEACCES, "An attempt was made to access a socket in a way forbidden by its access permissions." },
  { WSAEFAULT, "The system detected an invalid pointer address in attempting to use a pointer argument in a call." },
  { WSAEINVAL, "An invalid argument was supplied." },
  { WSAEMFILE, "Too many open sockets." },
  { WSAEWOULDBLOCK, "A non-blocking socket operation could not be completed immediately." },
  { WSAENOTSOCK, "An operation was attempted on something that is not a socket." },
  { WSAEMSGSIZE, "A message sent on a datagram socket was larger than the internal message buffer or some other network limit, or the buffer used to receive a datagram into was smaller than the datagram itself." },
  { WSAEAFNOSUPPORT, "An address incompatible with the requested protocol was used." },
  { WSAEADDRINUSE, "Only one usage of each socket address (protocol/network address/port) is normally permitted." },
  { WSAEADDRNOTAVAIL, "The requested address is not valid in its context." },
  { WSAENETUNREACH, "A socket operation was attempted to an unreachable network." },
  { WSAECONNABORTED, "An established connection was aborted by the software in your host machine." },
  { WSAECONNRESET, "An existing connection was forcibly closed by the remote host." },
  { WSAENOBUFS, "An operation on a socket could not be performed because the system lacked sufficient buffer space or because a queue was full." },
  { WSAEISCONN, "A connect request was made on an already connected socket." },
  { WSAENOTCONN, "A request to send or receive data was disallowed because the socket is not connected and (when sending on a datagram socket using a sendto call) no address was supplied." },
  { WSAESHUTDOWN, "A request to send or receive data was disallowed because the socket had already been shut down in that direction with a previous shutdown call." },
  { WSAETIMEDOUT, "A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond." },
  { WSAECONNREFUSED, "No connection could be made because the target machine actively refused it." },
  { WSAEHOSTUNREACH, "A socket operation was attempted to an unreachable host." },
  { WSANOTINITIALISED, "Either the application has not called WSAStartup, or WSAStartup failed." },
  { WSAHOST_NOT_FOUND, "No such host is known." },
};

DWORD FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize, va_list *Arguments) {
  (void)lpSource;
  (void)dwLanguageId;
  (void)Arguments;
  for (size_t i = 0; i < sizeof __messages / sizeof *__messages; i++)
    if (__messages[i].code == dwMessageId) {
      size_t len = strlen(__messages[i].text) + 2;
      char *to = lpBuffer;
      if (dwFlags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        to = malloc(len + 1);
        *(char **)lpBuffer = to;
      } else if (nSize < len + 1) {
        break;
      }
      strcpy(to, __messages[i].text);
      strcat(to, "\r\n");
      return (DWORD)len;
    }
  __last_error = 317; /* ERROR_MR_MID_NOT_FOUND */
  return 0;
}

HANDLE LocalFree(HANDLE hMem) {
  free(hMem);
  return NULL;
}

void longjmp(struct __jmp_buf_tag *env, int val) { __builtin_longjmp(env, val); }
