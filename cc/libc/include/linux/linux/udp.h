#ifndef _LINUX_UDP_H
#define _LINUX_UDP_H 1
#include <netinet/udp.h>
#include <linux/types.h>
#define UDP_ENCAP_RXRPC 6
#define TCP_ENCAP_ESPINTCP 7
#endif
