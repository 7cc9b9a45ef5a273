#ifndef _LINUX_SOCKIOS_H
#define _LINUX_SOCKIOS_H
#define SIOCINQ 0x541B
#define SIOCOUTQ 0x5411
#endif
