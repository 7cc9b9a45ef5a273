#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H 1
#include <linux/types.h>
struct rand_pool_info {
  int entropy_count;
  int buf_size;
  __u32 buf[];
};
#define RNDGETENTCNT 0x80045200
#define RNDADDTOENTCNT 0x40045201
#define RNDGETPOOL 0x80085202
#define RNDADDENTROPY 0x40085203
#define RNDZAPENTCNT 0x5204
#define RNDCLEARPOOL 0x5206
#define RNDRESEEDCRNG 0x5207
#define GRND_NONBLOCK 0x0001
#define GRND_RANDOM 0x0002
#define GRND_INSECURE 0x0004
#endif
