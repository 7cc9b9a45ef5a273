/* The kernel's own headers: netlink's messages and attributes, what raw and packet sockets read.
 * expect:
 * 52 20
 * attribute 4, 4 bytes
 * attribute 3, 5 bytes
 * 1 1
 * 28 806 32
 * 12 12 12 32
 * 20 20 8 8
 * 56 24 8
 * 61 30 128 2 255
 */
#include <arpa/telnet.h>
#include <time.h>
#include <linux/errqueue.h>
#include <linux/fib_rules.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/genetlink.h>
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/inet_diag.h>
#include <linux/ip.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unix_diag.h>
#include <netinet/icmp6.h>
#include <netinet/igmp.h>
#include <netinet/ip6.h>
#include <stdio.h>
#include <sys/socket.h>

struct request {
  struct nlmsghdr header;
  struct ifinfomsg info;
  char attributes[64];
};

/* What `ip link set mtu` sends: a message, a body, attributes behind it. */
static void add(struct nlmsghdr *header, int type, const void *data, int length) {
  struct rtattr *attribute = (struct rtattr *)((char *)header + NLMSG_ALIGN(header->nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(length);
  for (int i = 0; i < length; i++)
    ((char *)RTA_DATA(attribute))[i] = ((const char *)data)[i];
  header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

int main(void) {
  struct request request = {{NLMSG_LENGTH(sizeof(struct ifinfomsg)), RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK}};
  unsigned mtu = 1400;
  request.info.ifi_change = ~0u;
  add(&request.header, IFLA_MTU, &mtu, sizeof mtu);
  add(&request.header, IFLA_IFNAME, "eth0", 5);

  int left = IFLA_PAYLOAD(&request.header);
  printf("%u %d\n", request.header.nlmsg_len, left);
  for (struct rtattr *a = IFLA_RTA(&request.info); RTA_OK(a, left); a = RTA_NEXT(a, left))
    printf("attribute %d, %d bytes\n", a->rta_type, (int)RTA_PAYLOAD(a));
  for (struct nlmsghdr *h = &request.header; left == 0; left--)
    printf("%d %d\n", NLMSG_OK(h, (int)sizeof request), (char *)NLMSG_DATA(h) == (char *)&request.info);

  struct sock_filter code[] = {
      BPF_STMT(BPF_LD + BPF_H + BPF_ABS, 12),
      BPF_JUMP(BPF_JMP + BPF_JEQ + BPF_K, ETH_P_ARP, 0, 1),
      BPF_STMT(BPF_RET + BPF_K, (unsigned)-1),
      BPF_STMT(BPF_RET + BPF_K, 0),
  };
  printf("%x %x %zu\n", code[0].code, code[1].k, sizeof code);
  printf("%zu %zu %zu %zu\n", sizeof(struct sockaddr_nl), sizeof(struct rtmsg), sizeof(struct ndmsg), sizeof(struct tpacket2_hdr));
  printf("%zu %zu %zu %zu\n", sizeof(struct iphdr), sizeof(struct tcphdr), sizeof(struct udphdr), sizeof(struct icmphdr));
  printf("%zu %zu %zu\n", sizeof(struct inet_diag_req_v2), sizeof(struct nd_neighbor_solicit), sizeof(struct ip6_frag));
  printf("%d %d %d %d %d\n", IFLA_MAX, RTA_MAX, FUTEX_WAIT_PRIVATE, IFF_TAP, IAC);
  return 0;
}
