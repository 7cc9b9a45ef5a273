#ifndef __NET_ETHERNET_H
#define __NET_ETHERNET_H 1
#include <sys/types.h>
#define ETH_ALEN 6
#define ETH_HLEN 14
#define ETH_DATA_LEN 1500
#define ETH_FRAME_LEN 1514
#define ETH_P_ALL 0x0003
#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define ETH_P_IPV6 0x86DD
#define ETHERTYPE_IP 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IPV6 0x86dd
#define ETHER_ADDR_LEN 6
struct ether_addr {
  uint8_t ether_addr_octet[6];
} __attribute__((packed));
struct ether_header {
  uint8_t ether_dhost[6];
  uint8_t ether_shost[6];
  uint16_t ether_type;
} __attribute__((packed));
struct ethhdr {
  unsigned char h_dest[6];
  unsigned char h_source[6];
  uint16_t h_proto;
} __attribute__((packed));
#endif
