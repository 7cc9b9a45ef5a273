/* The header of a DNS message, RFC 1035; the resolver's functions are not provided. */
#ifndef _ARPA_NAMESER_H_
#define _ARPA_NAMESER_H_
#include <sys/types.h>
#include <stdint.h>
#define NS_PACKETSZ 512
#define NS_MAXDNAME 1025
#define NS_HFIXEDSZ 12
#define NS_QFIXEDSZ 4
#define NS_RRFIXEDSZ 10
#define NS_DEFAULTPORT 53
typedef struct {
  unsigned id : 16;
  unsigned rd : 1;
  unsigned tc : 1;
  unsigned aa : 1;
  unsigned opcode : 4;
  unsigned qr : 1;
  unsigned rcode : 4;
  unsigned cd : 1;
  unsigned ad : 1;
  unsigned unused : 1;
  unsigned ra : 1;
  unsigned qdcount : 16;
  unsigned ancount : 16;
  unsigned nscount : 16;
  unsigned arcount : 16;
} HEADER;
#define PACKETSZ NS_PACKETSZ
#define MAXDNAME NS_MAXDNAME
#endif
