#ifndef _LINUX_RTNETLINK_H
#define _LINUX_RTNETLINK_H 1
#include <linux/types.h>
#include <linux/netlink.h>
#include <linux/if_link.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
enum {
  RTM_BASE = 16,
  RTM_NEWLINK = 16,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_SETLINK,
  RTM_NEWADDR = 20,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWROUTE = 24,
  RTM_DELROUTE,
  RTM_GETROUTE,
  RTM_NEWNEIGH = 28,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWRULE = 32,
  RTM_DELRULE,
  RTM_GETRULE,
  RTM_NEWQDISC = 36,
  RTM_DELQDISC,
  RTM_GETQDISC,
  RTM_NEWTCLASS = 40,
  RTM_DELTCLASS,
  RTM_GETTCLASS,
  RTM_NEWTFILTER = 44,
  RTM_DELTFILTER,
  RTM_GETTFILTER,
  RTM_NEWACTION = 48,
  RTM_DELACTION,
  RTM_GETACTION,
  RTM_NEWPREFIX = 52,
  RTM_GETMULTICAST = 58,
  RTM_GETANYCAST = 62,
  RTM_NEWNEIGHTBL = 64,
  RTM_GETNEIGHTBL = 66,
  RTM_SETNEIGHTBL,
  RTM_NEWNDUSEROPT = 68,
  RTM_NEWADDRLABEL = 72,
  RTM_DELADDRLABEL,
  RTM_GETADDRLABEL,
  RTM_GETDCB = 78,
  RTM_SETDCB,
  RTM_NEWNETCONF = 80,
  RTM_DELNETCONF,
  RTM_GETNETCONF = 82,
  RTM_NEWMDB = 84,
  RTM_DELMDB = 85,
  RTM_GETMDB = 86,
  RTM_NEWNSID = 88,
  RTM_DELNSID = 89,
  RTM_GETNSID = 90,
  RTM_NEWSTATS = 92,
  RTM_GETSTATS = 94,
  RTM_SETSTATS,
  RTM_NEWCACHEREPORT = 96,
  RTM_NEWCHAIN = 100,
  RTM_DELCHAIN,
  RTM_GETCHAIN,
  RTM_NEWNEXTHOP = 104,
  RTM_DELNEXTHOP,
  RTM_GETNEXTHOP,
  RTM_NEWLINKPROP = 108,
  RTM_DELLINKPROP,
  RTM_GETLINKPROP,
  RTM_NEWVLAN = 112,
  RTM_DELVLAN,
  RTM_GETVLAN,
  RTM_NEWNEXTHOPBUCKET = 116,
  RTM_DELNEXTHOPBUCKET,
  RTM_GETNEXTHOPBUCKET,
  RTM_NEWTUNNEL = 120,
  RTM_DELTUNNEL,
  RTM_GETTUNNEL,
  __RTM_MAX,
};
struct rtattr {
  unsigned short rta_len;
  unsigned short rta_type;
};
struct rtmsg {
  unsigned char rtm_family;
  unsigned char rtm_dst_len;
  unsigned char rtm_src_len;
  unsigned char rtm_tos;
  unsigned char rtm_table;
  unsigned char rtm_protocol;
  unsigned char rtm_scope;
  unsigned char rtm_type;
  unsigned rtm_flags;
};
enum {
  RTN_UNSPEC,
  RTN_UNICAST,
  RTN_LOCAL,
  RTN_BROADCAST,
  RTN_ANYCAST,
  RTN_MULTICAST,
  RTN_BLACKHOLE,
  RTN_UNREACHABLE,
  RTN_PROHIBIT,
  RTN_THROW,
  RTN_NAT,
  RTN_XRESOLVE,
  __RTN_MAX,
};
enum rt_scope_t {
  RT_SCOPE_UNIVERSE = 0,
  RT_SCOPE_SITE = 200,
  RT_SCOPE_LINK = 253,
  RT_SCOPE_HOST = 254,
  RT_SCOPE_NOWHERE = 255,
};
enum rt_class_t {
  RT_TABLE_UNSPEC = 0,
  RT_TABLE_COMPAT = 252,
  RT_TABLE_DEFAULT = 253,
  RT_TABLE_MAIN = 254,
  RT_TABLE_LOCAL = 255,
  RT_TABLE_MAX = 0xFFFFFFFF,
};
enum rtattr_type_t {
  RTA_UNSPEC,
  RTA_DST,
  RTA_SRC,
  RTA_IIF,
  RTA_OIF,
  RTA_GATEWAY,
  RTA_PRIORITY,
  RTA_PREFSRC,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_PROTOINFO,
  RTA_FLOW,
  RTA_CACHEINFO,
  RTA_SESSION,
  RTA_MP_ALGO,
  RTA_TABLE,
  RTA_MARK,
  RTA_MFC_STATS,
  RTA_VIA,
  RTA_NEWDST,
  RTA_PREF,
  RTA_ENCAP_TYPE,
  RTA_ENCAP,
  RTA_EXPIRES,
  RTA_PAD,
  RTA_UID,
  RTA_TTL_PROPAGATE,
  RTA_IP_PROTO,
  RTA_SPORT,
  RTA_DPORT,
  RTA_NH_ID,
  __RTA_MAX,
};
struct rtnexthop {
  unsigned short rtnh_len;
  unsigned char rtnh_flags;
  unsigned char rtnh_hops;
  int rtnh_ifindex;
};
struct rtvia {
  __kernel_sa_family_t rtvia_family;
  __u8 rtvia_addr[];
};
struct rta_cacheinfo {
  __u32 rta_clntref;
  __u32 rta_lastuse;
  __s32 rta_expires;
  __u32 rta_error;
  __u32 rta_used;
  __u32 rta_id;
  __u32 rta_ts;
  __u32 rta_tsage;
};
enum {
  RTAX_UNSPEC,
  RTAX_LOCK,
  RTAX_MTU,
  RTAX_WINDOW,
  RTAX_RTT,
  RTAX_RTTVAR,
  RTAX_SSTHRESH,
  RTAX_CWND,
  RTAX_ADVMSS,
  RTAX_REORDERING,
  RTAX_HOPLIMIT,
  RTAX_INITCWND,
  RTAX_FEATURES,
  RTAX_RTO_MIN,
  RTAX_INITRWND,
  RTAX_QUICKACK,
  RTAX_CC_ALGO,
  RTAX_FASTOPEN_NO_COOKIE,
  __RTAX_MAX,
};
struct rta_session {
  __u8 proto;
  __u8 pad1;
  __u16 pad2;
  union {
    struct {
      __u16 sport;
      __u16 dport;
    } ports;
    struct {
      __u8 type;
      __u8 code;
      __u16 ident;
    } icmpt;
    __u32 spi;
  } u;
};
struct rta_mfc_stats {
  __u64 mfcs_packets;
  __u64 mfcs_bytes;
  __u64 mfcs_wrong_if;
};
struct rtgenmsg {
  unsigned char rtgen_family;
};
struct ifinfomsg {
  unsigned char ifi_family;
  unsigned char __ifi_pad;
  unsigned short ifi_type;
  int ifi_index;
  unsigned ifi_flags;
  unsigned ifi_change;
};
struct prefixmsg {
  unsigned char prefix_family;
  unsigned char prefix_pad1;
  unsigned short prefix_pad2;
  int prefix_ifindex;
  unsigned char prefix_type;
  unsigned char prefix_len;
  unsigned char prefix_flags;
  unsigned char prefix_pad3;
};
enum {
  PREFIX_UNSPEC,
  PREFIX_ADDRESS,
  PREFIX_CACHEINFO,
  __PREFIX_MAX,
};
struct prefix_cacheinfo {
  __u32 preferred_time;
  __u32 valid_time;
};
struct tcmsg {
  unsigned char tcm_family;
  unsigned char tcm__pad1;
  unsigned short tcm__pad2;
  int tcm_ifindex;
  __u32 tcm_handle;
  __u32 tcm_parent;
  __u32 tcm_info;
};
enum {
  TCA_UNSPEC,
  TCA_KIND,
  TCA_OPTIONS,
  TCA_STATS,
  TCA_XSTATS,
  TCA_RATE,
  TCA_FCNT,
  TCA_STATS2,
  TCA_STAB,
  TCA_PAD,
  TCA_DUMP_INVISIBLE,
  TCA_CHAIN,
  TCA_HW_OFFLOAD,
  TCA_INGRESS_BLOCK,
  TCA_EGRESS_BLOCK,
  TCA_DUMP_FLAGS,
  TCA_EXT_WARN_MSG,
  __TCA_MAX,
};
struct nduseroptmsg {
  unsigned char nduseropt_family;
  unsigned char nduseropt_pad1;
  unsigned short nduseropt_opts_len;
  int nduseropt_ifindex;
  __u8 nduseropt_icmp_type;
  __u8 nduseropt_icmp_code;
  unsigned short nduseropt_pad2;
  unsigned int nduseropt_pad3;
};
enum {
  NDUSEROPT_UNSPEC,
  NDUSEROPT_SRCADDR,
  __NDUSEROPT_MAX,
};
enum rtnetlink_groups {
  RTNLGRP_NONE,
  RTNLGRP_LINK,
  RTNLGRP_NOTIFY,
  RTNLGRP_NEIGH,
  RTNLGRP_TC,
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV4_MROUTE,
  RTNLGRP_IPV4_ROUTE,
  RTNLGRP_IPV4_RULE,
  RTNLGRP_IPV6_IFADDR,
  RTNLGRP_IPV6_MROUTE,
  RTNLGRP_IPV6_ROUTE,
  RTNLGRP_IPV6_IFINFO,
  RTNLGRP_DECnet_IFADDR,
  RTNLGRP_NOP2,
  RTNLGRP_DECnet_ROUTE,
  RTNLGRP_DECnet_RULE,
  RTNLGRP_NOP4,
  RTNLGRP_IPV6_PREFIX,
  RTNLGRP_IPV6_RULE,
  RTNLGRP_ND_USEROPT,
  RTNLGRP_PHONET_IFADDR,
  RTNLGRP_PHONET_ROUTE,
  RTNLGRP_DCB,
  RTNLGRP_IPV4_NETCONF,
  RTNLGRP_IPV6_NETCONF,
  RTNLGRP_MDB,
  RTNLGRP_MPLS_ROUTE,
  RTNLGRP_NSID,
  RTNLGRP_MPLS_NETCONF,
  RTNLGRP_IPV4_MROUTE_R,
  RTNLGRP_IPV6_MROUTE_R,
  RTNLGRP_NEXTHOP,
  RTNLGRP_BRVLAN,
  RTNLGRP_MCTP_IFADDR,
  RTNLGRP_TUNNEL,
  RTNLGRP_STATS,
  __RTNLGRP_MAX,
};
struct tcamsg {
  unsigned char tca_family;
  unsigned char tca__pad1;
  unsigned short tca__pad2;
};
enum {
  TCA_ROOT_UNSPEC,
  TCA_ROOT_TAB,
  TCA_ROOT_FLAGS,
  TCA_ROOT_COUNT,
  TCA_ROOT_TIME_DELTA,
  TCA_ROOT_EXT_WARN_MSG,
  __TCA_ROOT_MAX,
};
#define RTNL_FAMILY_IPMR 128
#define RTNL_FAMILY_IP6MR 129
#define RTNL_FAMILY_MAX 129
#define RTM_MAX 123
#define RTM_NR_MSGTYPES 108
#define RTM_NR_FAMILIES 27
#define RTM_FAM(cmd) (((cmd) - RTM_BASE) >> 2)
#define RTA_ALIGNTO 4U
#define RTA_ALIGN(len) ( ((len)+RTA_ALIGNTO-1) & ~(RTA_ALIGNTO-1) )
#define RTA_OK(rta, len) ((len) >= (int)sizeof(struct rtattr) && (rta)->rta_len >= sizeof(struct rtattr) && (rta)->rta_len <= (len))
#define RTA_NEXT(rta, attrlen) ((attrlen) -= RTA_ALIGN((rta)->rta_len), (struct rtattr*)(((char*)(rta)) + RTA_ALIGN((rta)->rta_len)))
#define RTA_LENGTH(len) (RTA_ALIGN(sizeof(struct rtattr)) + (len))
#define RTA_SPACE(len) RTA_ALIGN(RTA_LENGTH(len))
#define RTA_DATA(rta) ((void*)(((char*)(rta)) + RTA_LENGTH(0)))
#define RTA_PAYLOAD(rta) ((int)((rta)->rta_len) - RTA_LENGTH(0))
#define RTN_MAX 11
#define RTPROT_UNSPEC 0
#define RTPROT_REDIRECT 1
#define RTPROT_KERNEL 2
#define RTPROT_BOOT 3
#define RTPROT_STATIC 4
#define RTPROT_GATED 8
#define RTPROT_RA 9
#define RTPROT_MRT 10
#define RTPROT_ZEBRA 11
#define RTPROT_BIRD 12
#define RTPROT_DNROUTED 13
#define RTPROT_XORP 14
#define RTPROT_NTK 15
#define RTPROT_DHCP 16
#define RTPROT_MROUTED 17
#define RTPROT_KEEPALIVED 18
#define RTPROT_BABEL 42
#define RTPROT_OPENR 99
#define RTPROT_BGP 186
#define RTPROT_ISIS 187
#define RTPROT_OSPF 188
#define RTPROT_RIP 189
#define RTPROT_EIGRP 192
#define RTM_F_NOTIFY 0x100
#define RTM_F_CLONED 0x200
#define RTM_F_EQUALIZE 0x400
#define RTM_F_PREFIX 0x800
#define RTM_F_LOOKUP_TABLE 0x1000
#define RTM_F_FIB_MATCH 0x2000
#define RTM_F_OFFLOAD 0x4000
#define RTM_F_TRAP 0x8000
#define RTM_F_OFFLOAD_FAILED 0x20000000
#define RTA_MAX 30
#define RTM_RTA(r) ((struct rtattr*)(((char*)(r)) + NLMSG_ALIGN(sizeof(struct rtmsg))))
#define RTM_PAYLOAD(n) NLMSG_PAYLOAD(n,sizeof(struct rtmsg))
#define RTNH_F_DEAD 1
#define RTNH_F_PERVASIVE 2
#define RTNH_F_ONLINK 4
#define RTNH_F_OFFLOAD 8
#define RTNH_F_LINKDOWN 16
#define RTNH_F_UNRESOLVED 32
#define RTNH_F_TRAP 64
#define RTNH_COMPARE_MASK 89
#define RTNH_ALIGNTO 4
#define RTNH_ALIGN(len) ( ((len)+RTNH_ALIGNTO-1) & ~(RTNH_ALIGNTO-1) )
#define RTNH_OK(rtnh, len) ((rtnh)->rtnh_len >= sizeof(struct rtnexthop) && ((int)(rtnh)->rtnh_len) <= (len))
#define RTNH_NEXT(rtnh) ((struct rtnexthop*)(((char*)(rtnh)) + RTNH_ALIGN((rtnh)->rtnh_len)))
#define RTNH_LENGTH(len) (RTNH_ALIGN(sizeof(struct rtnexthop)) + (len))
#define RTNH_SPACE(len) RTNH_ALIGN(RTNH_LENGTH(len))
#define RTNH_DATA(rtnh) ((struct rtattr*)(((char*)(rtnh)) + RTNH_LENGTH(0)))
#define RTNETLINK_HAVE_PEERINFO 1
#define RTAX_MAX 17
#define RTAX_FEATURE_ECN 0x1
#define RTAX_FEATURE_SACK 0x2
#define RTAX_FEATURE_TIMESTAMP 0x4
#define RTAX_FEATURE_ALLFRAG 0x8
#define RTAX_FEATURE_MASK 15
#define PREFIX_MAX 2
#define tcm_block_index tcm_parent
#define TCM_IFINDEX_MAGIC_BLOCK 0xffffffff
#define TCA_MAX 16
#define TCA_DUMP_FLAGS_TERSE 0x1
#define TCA_RTA(r) ((struct rtattr*)(((char*)(r)) + NLMSG_ALIGN(sizeof(struct tcmsg))))
#define TCA_PAYLOAD(n) NLMSG_PAYLOAD(n,sizeof(struct tcmsg))
#define NDUSEROPT_MAX 1
#define RTMGRP_LINK 1
#define RTMGRP_NOTIFY 2
#define RTMGRP_NEIGH 4
#define RTMGRP_TC 8
#define RTMGRP_IPV4_IFADDR 0x10
#define RTMGRP_IPV4_MROUTE 0x20
#define RTMGRP_IPV4_ROUTE 0x40
#define RTMGRP_IPV4_RULE 0x80
#define RTMGRP_IPV6_IFADDR 0x100
#define RTMGRP_IPV6_MROUTE 0x200
#define RTMGRP_IPV6_ROUTE 0x400
#define RTMGRP_IPV6_IFINFO 0x800
#define RTMGRP_DECnet_IFADDR 0x1000
#define RTMGRP_DECnet_ROUTE 0x4000
#define RTMGRP_IPV6_PREFIX 0x20000
#define RTNLGRP_MAX 36
#define TCA_ACT_TAB 1
#define TCAA_MAX 1
#define TCA_ROOT_MAX 5
#define TA_RTA(r) ((struct rtattr*)(((char*)(r)) + NLMSG_ALIGN(sizeof(struct tcamsg))))
#define TA_PAYLOAD(n) NLMSG_PAYLOAD(n,sizeof(struct tcamsg))
#define TCA_FLAG_LARGE_DUMP_ON 0x1
#define TCA_ACT_FLAG_LARGE_DUMP_ON 1
#define TCA_ACT_FLAG_TERSE_DUMP 0x2
#define RTEXT_FILTER_VF 0x1
#define RTEXT_FILTER_BRVLAN 0x2
#define RTEXT_FILTER_BRVLAN_COMPRESSED 0x4
#define RTEXT_FILTER_SKIP_STATS 0x8
#define RTEXT_FILTER_MRP 0x10
#define RTEXT_FILTER_CFM_CONFIG 0x20
#define RTEXT_FILTER_CFM_STATUS 0x40
#define RTEXT_FILTER_MST 0x80
#endif
