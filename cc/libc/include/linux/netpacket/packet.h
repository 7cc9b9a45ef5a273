#ifndef __NETPACKET_PACKET_H
#define __NETPACKET_PACKET_H 1
#include <linux/if_packet.h>
#endif
