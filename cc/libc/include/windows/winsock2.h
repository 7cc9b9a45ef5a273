#ifndef _WINSOCK2API_
#define _WINSOCK2API_ 1
#define _WINSOCKAPI_ 1
#include <bits/types.h>
#include <bits/wintypes.h>
#include <bits/timeval.h>
#define AF_APPLETALK 16
#define AF_ATM 22
#define AF_BTH 32
#define AF_CCITT 10
#define AF_IMPLINK 3
#define AF_INET 2
#define AF_INET6 23
#define AF_IPX 6
#define AF_IRDA 26
#define AF_ISO 7
#define AF_MAX 33
#define AF_NETBIOS 17
#define AF_NS 6
#define AF_OSI 7
#define AF_SNA 11
#define AF_UNIX 1
#define AF_UNSPEC 0
#define FD_ACCEPT 8
#define FD_ALL_EVENTS 1023
#define FD_CLOSE 32
#define FD_CONNECT 16
#define FD_SETSIZE 64
#define FIONBIO 2147772030
#define FIONREAD 1074030207
#define HOST_NOT_FOUND 11001
#define IPPROTO_GGP 3
#define IPPROTO_ICMP 1
#define IPPROTO_ICMPV6 58
#define IPPROTO_IDP 22
#define IPPROTO_IGMP 2
#define IPPROTO_IP 0
#define IPPROTO_IPV6 41
#define IPPROTO_MAX 256
#define IPPROTO_PUP 12
#define IPPROTO_RAW 255
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define MSG_DONTROUTE 4
#define MSG_INTERRUPT 16
#define MSG_MAXIOVLEN 16
#define MSG_OOB 1
#define MSG_PARTIAL 32768
#define MSG_PEEK 2
#define MSG_WAITALL 8
#define NO_ADDRESS 11004
#define NO_DATA 11004
#define NO_RECOVERY 11003
#define PF_APPLETALK 16
#define PF_ATM 22
#define PF_BTH 32
#define PF_CCITT 10
#define PF_IMPLINK 3
#define PF_INET 2
#define PF_INET6 23
#define PF_IPX 6
#define PF_ISO 7
#define PF_MAX 33
#define PF_NS 6
#define PF_OSI 7
#define PF_SNA 11
#define PF_UNIX 1
#define PF_UNSPEC 0
#define POLLERR 1
#define POLLHUP 2
#define POLLIN 768
#define POLLNVAL 4
#define POLLOUT 16
#define POLLPRI 1024
#define POLLRDBAND 512
#define POLLRDNORM 256
#define POLLWRBAND 32
#define POLLWRNORM 16
#define SD_BOTH 2
#define SD_RECEIVE 0
#define SD_SEND 1
#define SIOCATMARK 1074033415
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5
#define SOCK_STREAM 1
#define SOL_SOCKET 65535
#define SOMAXCONN 2147483647
#define SO_ACCEPTCONN 2
#define SO_BROADCAST 32
#define SO_CONDITIONAL_ACCEPT 12290
#define SO_DEBUG 1
#define SO_DONTROUTE 16
#define SO_ERROR 4103
#define SO_GROUP_ID 8193
#define SO_GROUP_PRIORITY 8194
#define SO_KEEPALIVE 8
#define SO_LINGER 128
#define SO_MAX_MSG_SIZE 8195
#define SO_OOBINLINE 256
#define SO_PROTOCOL_INFO 8196
#define SO_PROTOCOL_INFOA 8196
#define SO_PROTOCOL_INFOW 8197
#define SO_RCVBUF 4098
#define SO_RCVLOWAT 4100
#define SO_RCVTIMEO 4102
#define SO_REUSEADDR 4
#define SO_SNDBUF 4097
#define SO_SNDLOWAT 4099
#define SO_SNDTIMEO 4101
#define SO_TYPE 4104
#define SO_USELOOPBACK 64
#define TCP_NODELAY 1
#define TRY_AGAIN 11002
#define WSABASEERR 10000
#define WSADESCRIPTION_LEN 256
#define WSAEACCES 10013
#define WSAEADDRINUSE 10048
#define WSAEADDRNOTAVAIL 10049
#define WSAEAFNOSUPPORT 10047
#define WSAEALREADY 10037
#define WSAEBADF 10009
#define WSAECANCELLED 10103
#define WSAECONNABORTED 10053
#define WSAECONNREFUSED 10061
#define WSAECONNRESET 10054
#define WSAEDESTADDRREQ 10039
#define WSAEDISCON 10101
#define WSAEDQUOT 10069
#define WSAEFAULT 10014
#define WSAEHOSTDOWN 10064
#define WSAEHOSTUNREACH 10065
#define WSAEINPROGRESS 10036
#define WSAEINTR 10004
#define WSAEINVAL 10022
#define WSAEINVALIDPROCTABLE 10104
#define WSAEINVALIDPROVIDER 10105
#define WSAEISCONN 10056
#define WSAELOOP 10062
#define WSAEMFILE 10024
#define WSAEMSGSIZE 10040
#define WSAENAMETOOLONG 10063
#define WSAENETDOWN 10050
#define WSAENETRESET 10052
#define WSAENETUNREACH 10051
#define WSAENOBUFS 10055
#define WSAENOMORE 10102
#define WSAENOPROTOOPT 10042
#define WSAENOTCONN 10057
#define WSAENOTEMPTY 10066
#define WSAENOTSOCK 10038
#define WSAEOPNOTSUPP 10045
#define WSAEPFNOSUPPORT 10046
#define WSAEPROCLIM 10067
#define WSAEPROTONOSUPPORT 10043
#define WSAEPROTOTYPE 10041
#define WSAEPROVIDERFAILEDINIT 10106
#define WSAEREFUSED 10112
#define WSAEREMOTE 10071
#define WSAESHUTDOWN 10058
#define WSAESOCKTNOSUPPORT 10044
#define WSAESTALE 10070
#define WSAETIMEDOUT 10060
#define WSAETOOMANYREFS 10059
#define WSAEUSERS 10068
#define WSAEWOULDBLOCK 10035
#define WSAHOST_NOT_FOUND 11001
#define WSANOTINITIALISED 10093
#define WSANO_ADDRESS 11004
#define WSANO_DATA 11004
#define WSANO_RECOVERY 11003
#define WSASERVICE_NOT_FOUND 10108
#define WSASYSCALLFAILURE 10107
#define WSASYSNOTREADY 10091
#define WSASYS_STATUS_LEN 128
#define WSATRY_AGAIN 11002
#define WSATYPE_NOT_FOUND 10109
#define WSAVERNOTSUPPORTED 10092
#define SO_DONTLINGER (~SO_LINGER)
#define SO_EXCLUSIVEADDRUSE (~SO_REUSEADDR)
#define INADDR_ANY 0x00000000U
#define INADDR_LOOPBACK 0x7f000001
#define INADDR_BROADCAST 0xffffffffU
#define INADDR_NONE 0xffffffff
#define INVALID_SOCKET ((SOCKET)(~0))
#define SOCKET_ERROR (-1)
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned long long SOCKET;
typedef struct WSAData {
  WORD wVersion;
  WORD wHighVersion;
  unsigned short iMaxSockets;
  unsigned short iMaxUdpDg;
  char *lpVendorInfo;
  char szDescription[257];
  char szSystemStatus[129];
} WSADATA, *LPWSADATA;
typedef struct fd_set {
  u_int fd_count;
  SOCKET fd_array[FD_SETSIZE];
} fd_set;
int __WSAFDIsSet(SOCKET fd, fd_set *set);
void __wsa_fd_set(SOCKET fd, fd_set *set);
void __wsa_fd_clr(SOCKET fd, fd_set *set);
#define FD_SET(fd, set) __wsa_fd_set((SOCKET)(fd), (fd_set *)(set))
#define FD_CLR(fd, set) __wsa_fd_clr((SOCKET)(fd), (fd_set *)(set))
#define FD_ISSET(fd, set) __WSAFDIsSet((SOCKET)(fd), (fd_set *)(set))
#define FD_ZERO(set) (((fd_set *)(set))->fd_count = 0)
struct sockaddr {
  u_short sa_family;
  char sa_data[14];
};
typedef struct in_addr {
  union {
    struct {
      u_char s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      u_short s_w1, s_w2;
    } S_un_w;
    u_long S_addr;
  } S_un;
} IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
#define s_addr S_un.S_addr
#define s_net S_un.S_un_b.s_b1
#define s_host S_un.S_un_b.s_b2
#define s_lh S_un.S_un_b.s_b3
#define s_impno S_un.S_un_b.s_b4
struct sockaddr_in {
  short sin_family;
  u_short sin_port;
  struct in_addr sin_addr;
  char sin_zero[8];
};
struct sockaddr_storage {
  short ss_family;
  char __ss_pad1[6];
  long long __ss_align;
  char __ss_pad2[112];
};
struct linger {
  u_short l_onoff;
  u_short l_linger;
};
struct hostent {
  char *h_name;
  char **h_aliases;
  short h_addrtype;
  short h_length;
  char **h_addr_list;
};
#define h_addr h_addr_list[0]
struct servent {
  char *s_name;
  char **s_aliases;
  char *s_proto;
  short s_port;
};
struct protoent {
  char *p_name;
  char **p_aliases;
  short p_proto;
};
typedef struct pollfd {
  SOCKET fd;
  short events;
  short revents;
} WSAPOLLFD, *PWSAPOLLFD, *LPWSAPOLLFD;
typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;
typedef struct linger LINGER, *PLINGER, *LPLINGER;
typedef struct hostent HOSTENT, *PHOSTENT, *LPHOSTENT;
typedef struct servent SERVENT, *PSERVENT, *LPSERVENT;
typedef struct protoent PROTOENT, *PPROTOENT, *LPPROTOENT;
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;
int WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData);
int WSACleanup(void);
int WSAGetLastError(void);
void WSASetLastError(int iError);
int WSAPoll(LPWSAPOLLFD fdArray, unsigned long fds, int timeout);
SOCKET socket(int af, int type, int protocol);
int closesocket(SOCKET s);
int bind(SOCKET s, const struct sockaddr *name, int namelen);
int connect(SOCKET s, const struct sockaddr *name, int namelen);
int listen(SOCKET s, int backlog);
SOCKET accept(SOCKET s, struct sockaddr *addr, int *addrlen);
int send(SOCKET s, const char *buf, int len, int flags);
int sendto(SOCKET s, const char *buf, int len, int flags, const struct sockaddr *to, int tolen);
int recv(SOCKET s, char *buf, int len, int flags);
int recvfrom(SOCKET s, char *buf, int len, int flags, struct sockaddr *from, int *fromlen);
int shutdown(SOCKET s, int how);
int getsockname(SOCKET s, struct sockaddr *name, int *namelen);
int getpeername(SOCKET s, struct sockaddr *name, int *namelen);
int getsockopt(SOCKET s, int level, int optname, char *optval, int *optlen);
int setsockopt(SOCKET s, int level, int optname, const char *optval, int optlen);
int ioctlsocket(SOCKET s, long cmd, u_long *argp);
int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout);
u_long htonl(u_long hostlong);
u_short htons(u_short hostshort);
u_long ntohl(u_long netlong);
u_short ntohs(u_short netshort);
unsigned long inet_addr(const char *cp);
char *inet_ntoa(struct in_addr in);
struct hostent *gethostbyname(const char *name);
struct hostent *gethostbyaddr(const char *addr, int len, int type);
int gethostname(char *name, int namelen);
struct servent *getservbyname(const char *name, const char *proto);
struct servent *getservbyport(int port, const char *proto);
struct protoent *getprotobyname(const char *name);
struct protoent *getprotobynumber(int proto);
#include <windows.h>
#endif
