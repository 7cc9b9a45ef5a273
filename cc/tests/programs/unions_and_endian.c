/* Unions to look at bytes, htons by hand, sockaddr through casts.
 * expect:
 * little 0401
 * 1234 1234 127.0.0.1 1
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
int main(void) {
  union { unsigned int word; unsigned char byte[4]; } u = { 0x01020304 };
  printf("%s %02x%02x\n", u.byte[0] == 4 ? "little" : "big", u.byte[0], u.byte[3]);
  struct sockaddr_storage storage;
  memset(&storage, 0, sizeof storage);
  struct sockaddr_in *in = (struct sockaddr_in *)&storage;
  in->sin_family = AF_INET;
  in->sin_port = htons(0x1234);
  in->sin_addr.s_addr = htonl(0x7f000001);
  unsigned char *p = (unsigned char *)&in->sin_port;
  printf("%02x%02x %04x %s %d\n", p[0], p[1], ntohs(in->sin_port), inet_ntoa(in->sin_addr), storage.ss_family == AF_INET);
  return 0;
}
