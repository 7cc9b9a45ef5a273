/* Aligned blocks, networks of few parts, structures printed as numbers, counts of -1, puts by printf.
 * exit: 0
 * expect:
 * 16: 1 0 1
 * 64: 1 0 1
 * 256: 1 0 1
 * 1024: 1 0 1
 * 4096: 1 0 1
 * 1
 * a a01 a0102 1020304 1008 ffffffff ffffffff ffffffff ffffffff ffffffff 7 
 * 100007f 7
 * 11 12 after
 * -1 1
 * -1 1
 * -1 1
 * puts
 * p
 * one line
 * kept
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pair {
  long a, b;
};

int main(void) {
  for (size_t align = 16; align <= 4096; align *= 4) {
    void *block = aligned_alloc(align, 128), *other = NULL;
    int error = posix_memalign(&other, align, 24);
    printf("%zu: %d %d %d\n", align, (uintptr_t)block % align == 0, error, (uintptr_t)other % align == 0);
    free(block), free(other);
  }
  printf("%d\n", (uintptr_t)valloc(10) % 4096 == 0);

  const char *nets[] = { "10", "10.1", "10.1.2", "1.2.3.4", "0x10.010", "256", "", "1.2.3.4.5", "1.", "a", "7 " };
  for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
    printf("%x ", inet_network(nets[i]));
  printf("\n");

  struct sockaddr_in server = { .sin_addr.s_addr = inet_addr("127.0.0.1") };
  struct pair pair = { 11, 12 };
  printf("%x %d\n", server.sin_addr, 7);
  printf("%ld %ld %s\n", pair, "after");

  char buf[8];
  memset(buf, 'x', sizeof buf);
  errno = 0;
  ssize_t n = write(1, buf, -1);
  printf("%zd %d\n", n, errno == EFAULT);
  n = write(99, buf, -1);
  printf("%zd %d\n", n, errno == EBADF);
  n = read(0, buf, -1);
  printf("%zd %d\n", n, errno == EFAULT);

  printf("%s\n", "puts");
  printf("%c", 'p'), printf("\n");
  printf("%s", "one line\n");
  int length = printf("kept\n");
  return length != 5;
}
