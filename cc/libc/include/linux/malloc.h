#ifndef _MALLOC_H
#define _MALLOC_H 1
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
struct mallinfo {
  int arena;
  int ordblks;
  int smblks;
  int hblks;
  int hblkhd;
  int usmblks;
  int fsmblks;
  int uordblks;
  int fordblks;
  int keepcost;
};
#define M_TRIM_THRESHOLD -1
#define M_TOP_PAD -2
#define M_MMAP_THRESHOLD -3
#define M_MMAP_MAX -4
void *memalign(size_t alignment, size_t size);
void *valloc(size_t size);
size_t malloc_usable_size(void *ptr);
int malloc_trim(size_t pad);
int mallopt(int param, int value);
struct mallinfo mallinfo(void);
void malloc_stats(void);
#endif
