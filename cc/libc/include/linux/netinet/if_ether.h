#ifndef __NETINET_IF_ETHER_H
#define __NETINET_IF_ETHER_H 1
#include <sys/types.h>
#include <net/ethernet.h>
#endif
