/* ifaddrs.h, net/if.h: the host's network interfaces. Names and numbers are asked of a socket, as
   in glibc; its netlink dialogue for whole lists is one call here. */

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int getifaddrs(struct ifaddrs **ifap) { return __syscall_getifaddrs(ifap); }

/* The list is one piece. */
void freeifaddrs(struct ifaddrs *ifa) { __builtin_free(ifa); }

static int __ask_interface(unsigned long request, struct ifreq *ifr) {
  int fd = __syscall_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  int result = __syscall_ioctl(fd, request, ifr);
  int saved = errno;
  __syscall_close(fd);
  errno = saved;
  return result;
}

unsigned int if_nametoindex(const char *ifname) {
  struct ifreq ifr;
  memset(&ifr, 0, sizeof ifr);
  if (strlen(ifname) >= IFNAMSIZ) {
    errno = ENODEV;
    return 0;
  }
  strcpy(ifr.ifr_name, ifname);
  return __ask_interface(SIOCGIFINDEX, &ifr) < 0 ? 0 : (unsigned)ifr.ifr_ifindex;
}

char *if_indextoname(unsigned int ifindex, char *ifname) {
  struct ifreq ifr;
  memset(&ifr, 0, sizeof ifr);
  ifr.ifr_ifindex = (int)ifindex;
  if (__ask_interface(SIOCGIFNAME, &ifr) < 0) {
    if (errno == ENODEV)
      errno = ENXIO;
    return NULL;
  }
  return strncpy(ifname, ifr.ifr_name, IFNAMSIZ);
}

struct if_nameindex *if_nameindex(void) {
  struct ifaddrs *all;
  if (__syscall_getifaddrs(&all) < 0)
    return NULL;
  size_t count = 0, bytes = 0;
  for (struct ifaddrs *ifa = all; ifa; ifa = ifa->ifa_next)
    if (ifa->ifa_addr->sa_family == AF_PACKET) {
      count++;
      bytes += strlen(ifa->ifa_name) + 1;
    }
  struct if_nameindex *list = __builtin_malloc((count + 1) * sizeof *list + bytes);
  if (list) {
    struct if_nameindex *next = list;
    char *name = (char *)(list + count + 1);
    for (struct ifaddrs *ifa = all; ifa; ifa = ifa->ifa_next)
      if (ifa->ifa_addr->sa_family == AF_PACKET) {
        next->if_index = (unsigned)(next - list) + 1;
        next->if_name = strcpy(name, ifa->ifa_name);
        name += strlen(name) + 1;
        next++;
      }
    next->if_index = 0;
    next->if_name = NULL;
  } else {
    errno = ENOBUFS;
  }
  __builtin_free(all);
  return list;
}

void if_freenameindex(struct if_nameindex *ptr) { __builtin_free(ptr); }
