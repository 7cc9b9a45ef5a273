/* errno after failing calls, perror on stdout, strerror.
 * expect:
 * close: Bad file descriptor
 * -1 Success
 * connect: Connection refused
 * Address already in use 98
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  dup2(1, 2);
  setvbuf(stdout, NULL, _IONBF, 0);
  if (close(42) < 0)
    perror("close");
  errno = 0;
  printf("%ld %s\n", (long)read(42, NULL, 0), strerror(errno));
  if (write(1, "", 0) == 0)
    errno = ECONNREFUSED;
  perror("connect");
  fprintf(stderr, "%s %d\n", strerror(EADDRINUSE), EADDRINUSE);
  return errno == ECONNREFUSED ? 0 : 1;
}
