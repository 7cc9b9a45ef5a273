#ifndef _NETINET_ETHER_H
#define _NETINET_ETHER_H 1
#include <netinet/if_ether.h>
char *ether_ntoa(const struct ether_addr *addr);
char *ether_ntoa_r(const struct ether_addr *addr, char *buf);
struct ether_addr *ether_aton(const char *asc);
struct ether_addr *ether_aton_r(const char *asc, struct ether_addr *addr);
#endif
