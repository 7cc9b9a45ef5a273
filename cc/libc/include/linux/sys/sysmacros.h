#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H 1
#define major(dev) ((unsigned int)(((dev) >> 8 & 0xfff) | ((dev) >> 32 & ~0xfffu)))
#define minor(dev) ((unsigned int)(((dev) & 0xff) | ((dev) >> 12 & ~0xffu)))
#define makedev(maj, min) ((unsigned long)((maj) & 0xfff) << 8 | (unsigned long)((maj) & ~0xfffu) << 32 | ((min) & 0xff) | (unsigned long)((min) & ~0xffu) << 12)
#endif
