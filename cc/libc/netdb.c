/* netdb.h, arpa/inet.h, net/if.h: names, services and addresses as text. On Windows the same
   functions with Winsock's types. */

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

const struct in6_addr in6addr_any;
const struct in6_addr in6addr_loopback = { { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } };

#ifdef _WIN32
u_long htonl(u_long hostlong) { return __builtin_bswap32((unsigned int)hostlong); }
u_long ntohl(u_long netlong) { return __builtin_bswap32((unsigned int)netlong); }
u_short htons(u_short hostshort) { return __builtin_bswap16(hostshort); }
u_short ntohs(u_short netshort) { return __builtin_bswap16(netshort); }
#else
uint32_t htonl(uint32_t hostlong) { return __builtin_bswap32(hostlong); }
uint32_t ntohl(uint32_t netlong) { return __builtin_bswap32(netlong); }
uint16_t htons(uint16_t hostshort) { return __builtin_bswap16(hostshort); }
uint16_t ntohs(uint16_t netshort) { return __builtin_bswap16(netshort); }
#endif

/* ---- addresses as text */

#ifdef _WIN32
unsigned long inet_addr(const char *cp) {
  unsigned int addr;
  return __libc_inet_aton(cp, &addr) ? addr : INADDR_NONE;
}
#else
in_addr_t inet_addr(const char *cp) {
  unsigned int addr;
  return __libc_inet_aton(cp, &addr) ? addr : INADDR_NONE;
}

int inet_aton(const char *cp, struct in_addr *inp) { return __libc_inet_aton(cp, (unsigned int *)inp); }

/* Each part takes eight bits, however many there are. */
in_addr_t inet_network(const char *cp) {
  in_addr_t net = 0;
  for (int parts = 0; parts < 4; parts++) {
    if (!isdigit((unsigned char)*cp))
      return INADDR_NONE;
    char *end;
    unsigned long part = strtoul(cp, &end, 0);
    if (part > 255)
      return INADDR_NONE;
    net = net << 8 | (in_addr_t)part;
    cp = end;
    if (*cp != '.')
      break;
    cp++;
  }
  while (isspace((unsigned char)*cp))
    cp++;
  return *cp ? INADDR_NONE : net;
}

in_addr_t inet_netof(struct in_addr in) {
  in_addr_t addr = ntohl(in.s_addr);
  return IN_CLASSA(addr) ? addr >> 24 & 0xff : IN_CLASSB(addr) ? addr >> 16 & 0xffff : addr >> 8 & 0xffffff;
}

in_addr_t inet_lnaof(struct in_addr in) {
  in_addr_t addr = ntohl(in.s_addr);
  return IN_CLASSA(addr) ? addr & 0xffffff : IN_CLASSB(addr) ? addr & 0xffff : addr & 0xff;
}

struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host) {
  struct in_addr in;
  if (net < 128)
    in.s_addr = htonl(net << 24 | (host & 0xffffff));
  else if (net < 65536)
    in.s_addr = htonl(net << 16 | (host & 0xffff));
  else
    in.s_addr = htonl(net << 8 | (host & 0xff));
  return in;
}
#endif

/* One buffer for all calls: the next call overwrites it, inet_ntoa(3). */
static char __inet_ntoa_text[18];

char *inet_ntoa(struct in_addr in) {
  __libc_inet_ntop(4, &in, __inet_ntoa_text);
  return __inet_ntoa_text;
}

int inet_pton(int af, const char *src, void *dst) {
  if (af == AF_INET)
    return __libc_inet_pton(4, src, dst);
  if (af == AF_INET6)
    return __libc_inet_pton(6, src, dst);
  errno = EAFNOSUPPORT;
  return -1;
}

#ifdef _WIN32
const char *inet_ntop(int af, const void *src, char *dst, size_t size) {
#else
const char *inet_ntop(int af, const void *src, char *dst, socklen_t size) {
#endif
  char text[64];
  if (af != AF_INET && af != AF_INET6) {
    errno = EAFNOSUPPORT;
    return NULL;
  }
  int len = __libc_inet_ntop(af == AF_INET ? 4 : 6, src, text);
  if ((size_t)len >= size) {
    errno = ENOSPC;
    return NULL;
  }
  return __libc_strcpy(dst, text);
}

/* ---- getaddrinfo(3): the kernel beside the program resolves; the list is ours */

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res) {
  struct addrinfo *list = NULL;
  int code = __syscall_getaddrinfo(node, service, hints, &list);
  if (code == 0)
    *res = list;
#ifdef _WIN32
  switch (code) {
  case 0: return 0;
  case -1: return EAI_BADFLAGS;
  case -3: return EAI_AGAIN;
  case -4: return EAI_FAIL;
  case -6: return EAI_FAMILY;
  case -7: return EAI_SOCKTYPE;
  case -8: return EAI_SERVICE;
  case -10: return EAI_MEMORY;
  default: return EAI_NONAME;
  }
#else
  return code;
#endif
}

void freeaddrinfo(struct addrinfo *res) {
  while (res) {
    struct addrinfo *next = res->ai_next;
    __builtin_free(res->ai_canonname);
    __builtin_free(res);
    res = next;
  }
}

#ifdef _WIN32
int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, DWORD hostlen, char *serv, DWORD servlen, int flags) {
#else
int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
#endif
  if (addrlen < sizeof(unsigned short))
    return EAI_FAMILY;
  if (addr->sa_family == AF_INET && addrlen < sizeof(struct sockaddr_in))
    return EAI_FAMILY;
  if (addr->sa_family == AF_INET6 && addrlen < 24)
    return EAI_FAMILY;
  return __syscall_getnameinfo(addr, (int)addrlen, host, hostlen, serv, servlen, flags);
}

#ifdef _WIN32
char *gai_strerrorA(int ecode) {
  switch (ecode) {
  case EAI_NONAME: return "No such host is known. ";
  case EAI_AGAIN: return "This is usually a temporary error during hostname resolution and means that the local server did not receive a response from an authoritative server. ";
  case EAI_SERVICE: return "The specified class was not found. ";
  case EAI_FAMILY: return "An address incompatible with the requested protocol was used. ";
  case EAI_BADFLAGS: return "An invalid argument was supplied. ";
  case EAI_SOCKTYPE: return "The support for the specified socket type does not exist in this address family. ";
  case EAI_FAIL: return "A non-recoverable error occurred during a database lookup. ";
  default: return "The specified error is unknown. ";
  }
}
#else
const char *gai_strerror(int errcode) {
  switch (errcode) {
  case EAI_ADDRFAMILY: return "Address family for hostname not supported";
  case EAI_AGAIN: return "Temporary failure in name resolution";
  case EAI_BADFLAGS: return "Bad value for ai_flags";
  case EAI_FAIL: return "Non-recoverable failure in name resolution";
  case EAI_FAMILY: return "ai_family not supported";
  case EAI_MEMORY: return "Memory allocation failure";
  case EAI_NODATA: return "No address associated with hostname";
  case EAI_NONAME: return "Name or service not known";
  case EAI_SERVICE: return "Servname not supported for ai_socktype";
  case EAI_SOCKTYPE: return "ai_socktype not supported";
  case EAI_SYSTEM: return "System error";
  case EAI_INPROGRESS: return "Processing request in progress";
  case EAI_CANCELED: return "Request canceled";
  case EAI_NOTCANCELED: return "Request not canceled";
  case EAI_ALLDONE: return "All requests done";
  case EAI_INTR: return "Interrupted by a signal";
  case -105: return "Parameter string not correctly encoded";
  case EAI_OVERFLOW: return "Result too large for supplied buffer";
  default: return "Unknown error";
  }
}
#endif

/* ---- the older functions: one static answer, overwritten by the next call */

#ifndef _WIN32
static int __h_errno;
int *__h_errno_location(void) { return &__h_errno; }
static void __set_h_errno(int value) { __h_errno = value; }

const char *hstrerror(int err) {
  switch (err) {
  case NETDB_SUCCESS: return "Resolver Error 0 (no error)";
  case HOST_NOT_FOUND: return "Unknown host";
  case TRY_AGAIN: return "Host name lookup failure";
  case NO_RECOVERY: return "Unknown server error";
  case NO_DATA: return "No address associated with name";
  default: return err < 0 ? "Resolver internal error" : "Unknown resolver error";
  }
}

void herror(const char *s) {
  if (s && *s)
    fprintf(stderr, "%s: %s\n", s, hstrerror(h_errno));
  else
    fprintf(stderr, "%s\n", hstrerror(h_errno));
}
#else
void WSASetLastError(int iError);
static void __set_h_errno(int value) {
  static const int codes[] = { 0, HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA };
  WSASetLastError(codes[value]);
}
#endif

#define HOST_ADDRESSES 16

static struct hostent __host;
static char __host_name[1026];
static char __host_bytes[HOST_ADDRESSES][16];
static char *__host_list[HOST_ADDRESSES + 1];
static char *__host_aliases[1];

static struct hostent *__lookup(const char *name, int af) {
  struct addrinfo hints;
  struct addrinfo *list;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = af;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_CANONNAME;
  int code = getaddrinfo(name, NULL, &hints, &list);
  if (code != 0) {
    __set_h_errno(code == EAI_AGAIN ? 2 : code == EAI_FAIL ? 3 : 1);
    return NULL;
  }
  int count = 0;
  int len = af == AF_INET ? 4 : 16;
  snprintf(__host_name, sizeof __host_name, "%s", list->ai_canonname ? list->ai_canonname : name);
  for (struct addrinfo *one = list; one && count < HOST_ADDRESSES; one = one->ai_next) {
    char *from = af == AF_INET ? (char *)&((struct sockaddr_in *)one->ai_addr)->sin_addr : (char *)&((struct sockaddr_in6 *)one->ai_addr)->sin6_addr;
    memcpy(__host_bytes[count], from, len);
    __host_list[count] = __host_bytes[count];
    count++;
  }
  __host_list[count] = NULL;
  freeaddrinfo(list);
  __host.h_name = __host_name;
  __host.h_aliases = __host_aliases;
  __host.h_addrtype = (short)af;
  __host.h_length = (short)len;
  __host.h_addr_list = __host_list;
  return &__host;
}

struct hostent *gethostbyname(const char *name) { return __lookup(name, AF_INET); }

#ifdef _WIN32
struct hostent *gethostbyaddr(const char *addr, int len, int type) {
#else
struct hostent *gethostbyname2(const char *name, int af) { return __lookup(name, af); }

int gethostbyname_r(const char *name, struct hostent *ret, char *buf, size_t buflen, struct hostent **result, int *h_errnop) {
  struct hostent *found = gethostbyname(name);
  *result = NULL;
  if (!found) {
    *h_errnop = h_errno;
    return 0;
  }
  size_t name_len = strlen(found->h_name) + 1;
  size_t need = 16 + name_len + sizeof(char *) * (HOST_ADDRESSES + 2) + 4 * HOST_ADDRESSES;
  if (buflen < need)
    return ERANGE;
  char **list = (char **)(((unsigned long)buf + 15) & ~15UL);
  char *bytes = (char *)(list + HOST_ADDRESSES + 2);
  int i = 0;
  for (; found->h_addr_list[i]; i++) {
    memcpy(bytes, found->h_addr_list[i], 4);
    list[i] = bytes;
    bytes += 4;
  }
  list[i] = NULL;
  list[HOST_ADDRESSES + 1] = NULL;
  *ret = *found;
  ret->h_addr_list = list;
  ret->h_aliases = list + HOST_ADDRESSES + 1;
  ret->h_name = memcpy(bytes, found->h_name, name_len);
  *result = ret;
  return 0;
}

struct hostent *gethostbyaddr(const void *addr, socklen_t len, int type) {
#endif
  struct sockaddr_storage storage;
  memset(&storage, 0, sizeof storage);
  storage.ss_family = (unsigned short)type;
  unsigned int need = type == AF_INET ? 4 : 16;
  if ((type != AF_INET && type != AF_INET6) || (unsigned int)len < need) {
    __set_h_errno(3);
    return NULL;
  }
  memcpy((char *)&storage + (type == AF_INET ? 4 : 8), addr, need);
  int code = getnameinfo((struct sockaddr *)&storage, type == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6), __host_name, sizeof __host_name, NULL, 0,
                         NI_NAMEREQD);
  if (code != 0) {
    __set_h_errno(code == EAI_AGAIN ? 2 : 1);
    return NULL;
  }
  memcpy(__host_bytes[0], addr, need);
  __host_list[0] = __host_bytes[0];
  __host_list[1] = NULL;
  __host.h_name = __host_name;
  __host.h_aliases = __host_aliases;
  __host.h_addrtype = (short)type;
  __host.h_length = (short)need;
  __host.h_addr_list = __host_list;
  return &__host;
}

/* ---- /etc/services and /etc/protocols, as a small Debian has them */

struct __service {
  const char *name;
  int port;
  const char *protocols; /* t: tcp, u: udp */
  const char *alias;
};

static const struct __service __services[] = {
  { "tcpmux", 1, "t", NULL },       { "echo", 7, "tu", NULL },          { "discard", 9, "tu", "sink" },
  { "systat", 11, "t", "users" },   { "daytime", 13, "tu", NULL },      { "netstat", 15, "t", NULL },
  { "qotd", 17, "t", "quote" },     { "chargen", 19, "tu", "ttytst" },  { "ftp-data", 20, "t", NULL },
  { "ftp", 21, "t", NULL },         { "fsp", 21, "u", "fspd" },         { "ssh", 22, "t", NULL },
  { "telnet", 23, "t", NULL },      { "smtp", 25, "t", "mail" },        { "time", 37, "tu", "timserver" },
  { "whois", 43, "t", "nicname" },  { "domain", 53, "tu", NULL },       { "bootps", 67, "u", NULL },
  { "bootpc", 68, "u", NULL },      { "tftp", 69, "u", NULL },          { "gopher", 70, "t", NULL },
  { "finger", 79, "t", NULL },      { "http", 80, "t", "www" },         { "kerberos", 88, "tu", "kerberos5" },
  { "pop3", 110, "t", "pop-3" },    { "sunrpc", 111, "tu", "portmapper" }, { "auth", 113, "t", "authentication" },
  { "nntp", 119, "t", "readnews" }, { "ntp", 123, "u", NULL },          { "imap2", 143, "t", "imap" },
  { "snmp", 161, "tu", NULL },      { "snmp-trap", 162, "tu", "snmptrap" }, { "irc", 194, "tu", NULL },
  { "ldap", 389, "tu", NULL },      { "https", 443, "tu", NULL },       { "submissions", 465, "t", "ssmtp" },
  { "syslog", 514, "u", NULL },     { "login", 513, "t", NULL },        { "shell", 514, "t", "cmd" },
  { "submission", 587, "t", NULL }, { "ldaps", 636, "tu", NULL },       { "imaps", 993, "t", NULL },
  { "pop3s", 995, "t", NULL },      { "socks", 1080, "t", NULL },       { "ms-sql-s", 1433, "t", NULL },
  { "mysql", 3306, "t", NULL },     { "svn", 3690, "t", "subversion" }, { "postgresql", 5432, "t", "postgres" },
  { "x11", 6000, "t", "x11-0" },    { "redis", 6379, "t", NULL },       { "http-alt", 8080, "tu", "webcache" },
};

static struct servent __servent;
static char *__servent_aliases[2];

static struct servent *__service(const struct __service *found, char protocol) {
  __servent_aliases[0] = (char *)found->alias;
  __servent_aliases[1] = NULL;
  __servent.s_name = (char *)found->name;
  __servent.s_aliases = __servent_aliases;
  __servent.s_port = htons((unsigned short)found->port);
  __servent.s_proto = protocol == 't' ? "tcp" : "udp";
  return &__servent;
}

/* 0: no such protocol; otherwise the letters that fit. */
static const char *__service_protocols(const char *proto) {
  if (!proto)
    return "tu";
  return strcmp(proto, "tcp") == 0 ? "t" : strcmp(proto, "udp") == 0 ? "u" : "";
}

struct servent *getservbyname(const char *name, const char *proto) {
  const char *wanted = __service_protocols(proto);
  for (size_t i = 0; i < sizeof __services / sizeof *__services; i++) {
    const struct __service *one = &__services[i];
    if (strcmp(one->name, name) == 0 || (one->alias && strcmp(one->alias, name) == 0))
      for (const char *p = one->protocols; *p; p++)
        if (strchr(wanted, *p))
          return __service(one, *p);
  }
  return NULL;
}

struct servent *getservbyport(int port, const char *proto) {
  const char *wanted = __service_protocols(proto);
  for (size_t i = 0; i < sizeof __services / sizeof *__services; i++)
    if (htons((unsigned short)__services[i].port) == (unsigned short)port)
      for (const char *p = __services[i].protocols; *p; p++)
        if (strchr(wanted, *p))
          return __service(&__services[i], *p);
  return NULL;
}

struct __protocol {
  const char *name;
  const char *alias;
  int number;
};

static const struct __protocol __protocols[] = {
  { "ip", "IP", 0 },          { "icmp", "ICMP", 1 },           { "igmp", "IGMP", 2 },   { "ggp", "GGP", 3 },
  { "ipencap", "IP-ENCAP", 4 }, { "st", "ST", 5 },             { "tcp", "TCP", 6 },     { "egp", "EGP", 8 },
  { "pup", "PUP", 12 },       { "udp", "UDP", 17 },            { "idp", "XNS-IDP", 22 }, { "ipv6", "IPv6", 41 },
  { "gre", "GRE", 47 },       { "esp", "IPSEC-ESP", 50 },      { "ah", "IPSEC-AH", 51 }, { "ipv6-icmp", "IPv6-ICMP", 58 },
  { "ospf", "OSPFIGP", 89 },  { "sctp", "SCTP", 132 },         { "udplite", "UDPLite", 136 },
};

static struct protoent __protoent;
static char *__protoent_aliases[2];

static struct protoent *__protocol(const struct __protocol *found) {
  __protoent_aliases[0] = (char *)found->alias;
  __protoent.p_name = (char *)found->name;
  __protoent.p_aliases = __protoent_aliases;
  __protoent.p_proto = (short)found->number;
  return &__protoent;
}

struct protoent *getprotobyname(const char *name) {
  for (size_t i = 0; i < sizeof __protocols / sizeof *__protocols; i++)
    if (strcmp(__protocols[i].name, name) == 0 || strcmp(__protocols[i].alias, name) == 0)
      return __protocol(&__protocols[i]);
  return NULL;
}

struct protoent *getprotobynumber(int proto) {
  for (size_t i = 0; i < sizeof __protocols / sizeof *__protocols; i++)
    if (__protocols[i].number == proto)
      return __protocol(&__protocols[i]);
  return NULL;
}

#ifndef _WIN32
void sethostent(int stayopen) { (void)stayopen; }
void endhostent(void) {}
void setservent(int stayopen) { (void)stayopen; }
void endservent(void) {}
void setprotoent(int stayopen) { (void)stayopen; }
void endprotoent(void) {}
#endif
