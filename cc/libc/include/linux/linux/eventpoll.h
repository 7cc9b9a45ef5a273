/* The kernel's own header: what programs want of it is what libc's declares. */
#ifndef _LINUX_EVENTPOLL_H
#define _LINUX_EVENTPOLL_H
#include <linux/types.h>
#include <sys/epoll.h>
#endif
