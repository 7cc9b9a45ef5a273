/* Enumerations, a state machine, bits and masks.
 * expect:
 * LISTEN SYN-RCVD SYN-RCVD ESTABLISHED LAST-ACK CLOSED
 * 4 12
 */
#include <stdio.h>
enum state { CLOSED, LISTEN, SYN_RCVD, ESTABLISHED = 10, LAST_ACK, COUNT };
enum { FIN = 1 << 0, SYN = 1 << 1, RST = 1 << 2, ACK = 1 << 4 };
static const char *names[COUNT] = { [CLOSED] = "CLOSED", [LISTEN] = "LISTEN", [SYN_RCVD] = "SYN-RCVD", [ESTABLISHED] = "ESTABLISHED", [LAST_ACK] = "LAST-ACK" };
static enum state step(enum state s, unsigned flags) {
  switch (s) {
  case LISTEN: return flags & SYN ? SYN_RCVD : s;
  case SYN_RCVD: return flags & RST ? LISTEN : (flags & (SYN | ACK)) == ACK ? ESTABLISHED : s;
  case ESTABLISHED: return flags & FIN ? LAST_ACK : s;
  default: return CLOSED;
  }
}
int main(void) {
  unsigned arrivals[] = { ACK, SYN, SYN | ACK, ACK, FIN | ACK, ACK };
  enum state s = LISTEN;
  for (unsigned i = 0; i < sizeof arrivals / sizeof *arrivals; i++) {
    s = step(s, arrivals[i]);
    printf("%s%c", names[s], i + 1 < sizeof arrivals / sizeof *arrivals ? ' ' : '\n');
  }
  printf("%zu %d\n", sizeof s, COUNT);
  return 0;
}
