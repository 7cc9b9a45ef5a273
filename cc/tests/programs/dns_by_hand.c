/* A DNS question in wire format, built and read again.
 * expect:
 * beef010000010000000000000377777704756673630262720000010001
 * www.ufsc.br. beef
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
struct header { uint16_t id, flags, qdcount, ancount, nscount, arcount; };
static size_t put_name(unsigned char *at, const char *name) {
  unsigned char *start = at, *len = at++;
  for (; ; name++)
    if (*name == '.' || !*name) {
      *len = (unsigned char)(at - len - 1);
      len = at++;
      if (!*name)
        break;
    } else
      *at++ = (unsigned char)*name;
  *len = 0;
  return (size_t)(at - start);
}
int main(void) {
  unsigned char packet[512] = { 0 };
  struct header *h = (struct header *)packet;
  h->id = htons(0xbeef);
  h->flags = htons(0x0100);
  h->qdcount = htons(1);
  size_t len = sizeof *h + put_name(packet + sizeof *h, "www.ufsc.br");
  packet[len + 1] = 1;
  packet[len + 3] = 1;
  len += 4;
  for (size_t i = 0; i < len; i++)
    printf("%02x%s", packet[i], i + 1 == len ? "\n" : "");
  for (unsigned char *p = packet + sizeof *h; *p; p += *p + 1)
    printf("%.*s.", *p, (char *)p + 1);
  printf(" %x\n", ntohs(h->id));
  return 0;
}
