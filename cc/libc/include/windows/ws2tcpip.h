#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_ 1
#include <winsock2.h>
typedef int socklen_t;
#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define AI_ADDRCONFIG 1024
#define AI_ALL 256
#define AI_CANONNAME 2
#define AI_FQDN 131072
#define AI_NUMERICHOST 4
#define AI_NUMERICSERV 8
#define AI_PASSIVE 1
#define EAI_AGAIN 11002
#define EAI_BADFLAGS 10022
#define EAI_FAIL 11003
#define EAI_FAMILY 10047
#define EAI_MEMORY 8
#define EAI_NODATA 11004
#define EAI_NONAME 11001
#define EAI_SERVICE 10109
#define EAI_SOCKTYPE 10044
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60
#define IPPROTO_EGP 8
#define IPPROTO_ESP 50
#define IPPROTO_FRAGMENT 44
#define IPPROTO_HOPOPTS 0
#define IPPROTO_IPV4 4
#define IPPROTO_L2TP 115
#define IPPROTO_NONE 59
#define IPPROTO_PGM 113
#define IPPROTO_PIM 103
#define IPPROTO_ROUTING 43
#define IPPROTO_SCTP 132
#define IPV6_ADDRESS_BITS 128
#define IPV6_ADD_MEMBERSHIP 12
#define IPV6_CHECKSUM 26
#define IPV6_DONTFRAG 14
#define IPV6_DROP_MEMBERSHIP 13
#define IPV6_ECN 50
#define IPV6_HDRINCL 2
#define IPV6_HOPLIMIT 21
#define IPV6_HOPOPTS 1
#define IPV6_JOIN_GROUP 12
#define IPV6_LEAVE_GROUP 13
#define IPV6_MTU 72
#define IPV6_MTU_DISCOVER 71
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_LOOP 11
#define IPV6_PKTINFO 19
#define IPV6_PKTINFO_EX 51
#define IPV6_RECVDSTADDR 25
#define IPV6_RECVERR 75
#define IPV6_RECVIF 24
#define IPV6_RECVRTHDR 38
#define IPV6_RECVTCLASS 40
#define IPV6_RTHDR 32
#define IPV6_TCLASS 39
#define IPV6_UNICAST_HOPS 4
#define IPV6_UNICAST_IF 31
#define IPV6_USER_MTU 76
#define IPV6_V6ONLY 27
#define IP_ADD_MEMBERSHIP 12
#define IP_ADD_SOURCE_MEMBERSHIP 15
#define IP_BLOCK_SOURCE 17
#define IP_DONTFRAGMENT 14
#define IP_DROP_MEMBERSHIP 13
#define IP_DROP_SOURCE_MEMBERSHIP 16
#define IP_ECN 50
#define IP_HDRINCL 2
#define IP_HOPLIMIT 21
#define IP_MTU 73
#define IP_MTU_DISCOVER 71
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_LOOP 11
#define IP_MULTICAST_TTL 10
#define IP_OPTIONS 1
#define IP_ORIGINAL_ARRIVAL_IF 47
#define IP_PKTINFO 19
#define IP_PKTINFO_EX 51
#define IP_RECEIVE_BROADCAST 22
#define IP_RECVDSTADDR 25
#define IP_RECVERR 75
#define IP_RECVIF 24
#define IP_RECVRTHDR 38
#define IP_RECVTCLASS 40
#define IP_RECVTOS 40
#define IP_RECVTTL 21
#define IP_RTHDR 32
#define IP_TCLASS 39
#define IP_TOS 3
#define IP_TTL 4
#define IP_UNBLOCK_SOURCE 18
#define IP_UNICAST_IF 31
#define IP_USER_MTU 76
#define NI_DGRAM 16
#define NI_NAMEREQD 4
#define NI_NOFQDN 1
#define NI_NUMERICHOST 2
#define NI_NUMERICSERV 8
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65
struct in6_addr {
  union {
    u_char Byte[16];
    u_short Word[8];
  } u;
};
#define s6_addr u.Byte
struct sockaddr_in6 {
  short sin6_family;
  u_short sin6_port;
  u_long sin6_flowinfo;
  struct in6_addr sin6_addr;
  u_long sin6_scope_id;
};
struct ip_mreq {
  struct in_addr imr_multiaddr;
  struct in_addr imr_interface;
};
struct ipv6_mreq {
  struct in6_addr ipv6mr_multiaddr;
  unsigned int ipv6mr_interface;
};
typedef struct addrinfo {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  size_t ai_addrlen;
  char *ai_canonname;
  struct sockaddr *ai_addr;
  struct addrinfo *ai_next;
} ADDRINFOA, *PADDRINFOA, ADDRINFO, *PADDRINFO, *LPADDRINFO;
typedef struct in6_addr IN6_ADDR, *PIN6_ADDR;
typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6;
extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;
int getaddrinfo(const char *nodename, const char *servname, const struct addrinfo *hints, struct addrinfo **res);
void freeaddrinfo(struct addrinfo *pAddrInfo);
int getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, DWORD hostlen, char *serv, DWORD servlen, int flags);
char *gai_strerrorA(int ecode);
#define gai_strerror gai_strerrorA
const char *inet_ntop(int family, const void *addr, char *buf, size_t size);
int inet_pton(int family, const char *src, void *dst);
#define InetNtopA inet_ntop
#define InetPtonA inet_pton
#define InetNtop inet_ntop
#define InetPton inet_pton
#endif
