/* Rarely used functions of POSIX and glibc: configuration, breaks, digits, cookies, processors.
 * expect:
 * 14 /bin:/usr/bin
 * 255 4096 4096 -1
 * 1 0 0
 * abcd x.c 
 * 3142 1 0 314 1 1 12 -2 1e+20
 * 949179875 0.654138 1130126687
 * 1 .txt 0
 * 3 GRITOS
 * 9 linha
 * 9 linha
 * 1 1 0
 * 0 1 0
 * Sunday Dec ANSI_X3.4-1968 .
 * 1 0
 * /dev/sda1 on / 1 noatime
 * proc on /proc 0 -
 * 0
 */
#define _GNU_SOURCE
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <mntent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

static ssize_t shout(void *cookie, const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    putchar(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
  *(size_t *)cookie += size;
  return (ssize_t)size;
}

static ssize_t once(void *cookie, char *to, size_t size) {
  int *left = cookie;
  if (*left == 0 || size < 6)
    return 0;
  memcpy(to, "linha\n", 6);
  return (*left)--, 6;
}

int main(void) {
  char text[100], words[] = "/dev/sda1 / ext4 rw,noatime 0 1\n# nothing\nproc /proc proc rw 0 0\n";
  int point, sign, lines = 2;
  size_t written = 0;

  printf("%zu %s\n", confstr(_CS_PATH, text, sizeof text), text);
  printf("%ld %ld %ld %ld\n", pathconf("/tmp", _PC_NAME_MAX), pathconf("/", _PC_PATH_MAX), fpathconf(0, _PC_PIPE_BUF), pathconf("/", 99));
  char *before = sbrk(0), *room = sbrk(4096);
  room[0] = room[4095] = 1;
  printf("%d %d %d\n", before == room, (int)((char *)sbrk(0) - before), brk(before));
  swab("badc", text, 4);
  printf("%.4s %s %s\n", text, basename("/usr/lib/x.c"), basename("dir/"));

  printf("%s", ecvt(3.14159, 4, &point, &sign));
  printf(" %d %d", point, sign);
  printf(" %s", fcvt(-3.14159, 2, &point, &sign));
  printf(" %d %d", point, sign);
  printf(" %s", ecvt(0.00123, 2, &point, &sign));
  printf(" %d %s\n", point, gcvt(1e20, 6, text));
  unsigned short state[3] = {1, 2, 3};
  long number = nrand48(state);
  printf("%ld %g %ld\n", number, erand48(state), jrand48(state));

  char template[] = "/tmp/soquete-XXXXXX.txt";
  int fd = mkstemps(template, 4);
  printf("%d %s %d\n", fd >= 0, template + strlen(template) - 4, access(template, F_OK));
  unlink(template);

  cookie_io_functions_t writes = {.write = shout}, reads = {.read = once};
  FILE *stream = fopencookie(&written, "w", writes);
  fprintf(stream, "%d gritos\n", 3);
  fclose(stream);
  stream = fopencookie(&lines, "r", reads);
  while (fgets(text, sizeof text, stream))
    printf("%zu %s", written, text);
  fclose(stream);

  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(3, &set);
  CPU_SET(70, &set);
  CPU_CLR(3, &set);
  printf("%d %d %d\n", CPU_COUNT(&set), CPU_ISSET(70, &set) != 0, CPU_ISSET(3, &set) != 0);
  printf("%d %d %d\n", sched_getaffinity(0, sizeof set, &set), CPU_COUNT(&set) > 0, sched_getscheduler(0));
  printf("%s %s %s %s\n", nl_langinfo(DAY_1), nl_langinfo(ABMON_12), nl_langinfo(CODESET), nl_langinfo(RADIXCHAR));
  printf("%d %d\n", SIGSTKSZ >= MINSIGSTKSZ, sighold(SIGUSR1) || sigrelse(SIGUSR1));

  stream = fmemopen(words, strlen(words), "r");
  for (struct mntent *entry; (entry = getmntent(stream));)
    printf("%s on %s %d %s\n", entry->mnt_fsname, entry->mnt_dir, entry->mnt_passno, hasmntopt(entry, "noatime") ? "noatime" : "-");
  endmntent(stream);
  setutent();
  printf("%d\n", getutent() != NULL);
  return 0;
}
