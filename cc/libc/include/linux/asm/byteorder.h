#ifndef _ASM_BYTEORDER_H
#define _ASM_BYTEORDER_H
#include <linux/types.h>
#include <endian.h>
#define __LITTLE_ENDIAN_BITFIELD
#define __cpu_to_be16(x) htobe16(x)
#define __cpu_to_be32(x) htobe32(x)
#define __be16_to_cpu(x) be16toh(x)
#define __be32_to_cpu(x) be32toh(x)
#endif
