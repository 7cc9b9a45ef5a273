#ifndef _LINUX_IF_ARP_H
#define _LINUX_IF_ARP_H 1
#include <net/if_arp.h>
#include <linux/netdevice.h>
#define ARPHRD_IEEE802154_MONITOR 805
#define ARPHRD_PHONET 820
#define ARPHRD_PHONET_PIPE 821
#define ARPHRD_CAIF 822
#define ARPHRD_IP6GRE 823
#define ARPHRD_NETLINK 824
#define ARPHRD_6LOWPAN 825
#define ARPHRD_VSOCKMON 826
#endif
