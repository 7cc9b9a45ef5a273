/* Usual idioms: macros, layouts, sorting, formats, parameters with sizes.
 * expect:
 * RED GREEN BLUE 
 * 7 6
 * [main:98] no args
 * [main:98] 1 x
 * 0 10 20 
 * -1 3 5 7 9 
 * apple fig pear
 * 4
 * big3 1.5 12 big7 14
 * 1 1 12
 * def c
 * 78 12 5678 1234
 * ffff5678
 *   1  2  0
 *   0  0  9
 * 30
 * 7 24 16 56
 * -1 4294967295 -1 9223372036854775808 -1 ffffffffffffffff 44 4464 c    42|42   |00042|+42|ff|0xff|10|1.234568e+04|0.0001|abc|         r|l         |%|(nil)
 * 0003.142|    42|abc
 * 3 12 abc 3.5
 * <a><b><c>
 * 12 abc|255|2500
 * Invalid argument
 * hello world 11 world lo world
 * 44 44 -16 1
 * 3469047761
 * 31 1
 * 30000000000 1.10 -128
 * one 5
 * fall
 * 00 01 20 21 
 * 2 4 1
 * line1
 * line2	"q"\ AA é
 * 0 f
 * 3 32 32
 * abcd0100
 * 250959
 * 14 81
 * 9
 * 1 0 A
 * aabc 1 0
 * 0.1 0.10000000000000001 0x1p+0 1E-10
 * llo
 * 3.250000 16
 *  -2.5|1.23e+04|-0000042| 7
 * 48 -1 0
 * 255
 * 210
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <stdbool.h>
#include <ctype.h>
#include <errno.h>
#include <assert.h>
#include <time.h>
#define COLORS X(RED) X(GREEN) X(BLUE)
#define X(c) c,
enum color { COLORS NCOLORS };
#undef X
#define X(c) #c,
static const char *color_names[] = { COLORS };
#undef X
#define foo(x) (1 + foo(x))
static int (foo)(int x) { return x * 2; }
#define LOG(fmt, ...) printf("[%s:%d] " fmt "\n", __func__, __LINE__, ##__VA_ARGS__)
#define PASTE(a, b) a ## b
#define XPASTE(a, b) PASTE(a, b)
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#include <stddef.h>
typedef struct list { struct list *next; } list;
struct item { int v; list l; };
typedef int (*cmp_t)(const void *, const void *);
static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int cmps(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
struct big { char name[20]; double d; int a[5]; };
static struct big mkbig(int i) { struct big b; memset(&b, 0, sizeof b); sprintf(b.name, "big%d", i); b.d = i / 2.0; for (int k = 0; k < 5; k++) b.a[k] = i * k; return b; }
static int is_even(unsigned n); static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }
static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
static int (*pick(int k))(int) { extern int abs(int); return k ? abs : foo; }
static char (*rows(void))[4] { static char r[2][4] = {"abc", "def"}; return r; }
typedef union { uint32_t u; struct { uint8_t b0, b1, b2, b3; }; struct { unsigned lo : 16, hi : 16; } h; } word;
static void print_matrix(int rows, int cols, int m[rows][cols]) { for (int i = 0; i < rows; i++) { for (int j = 0; j < cols; j++) printf("%3d", m[i][j]); puts(""); } }
static int apply(int n, int (*f)(int, void *), void *ctx) { int s = 0; while (n--) s += f(n, ctx); return s; }
static int addctx(int n, void *ctx) { return n * *(int *)ctx; }
struct __attribute__((packed)) pk { char c; int i; short s; };
struct al { char c; long l; char d; } ;
static volatile int counter;
static inline uint16_t sw16(uint16_t x) { return (uint16_t)((x << 8) | (x >> 8)); }
int main(int argc, char *argv[]) {
  for (int i = 0; i < NCOLORS; i++) printf("%s ", color_names[i]); puts("");
  printf("%d %d\n", foo(3), (foo)(3)); LOG("no args"); LOG("%d %s", 1, "x");
  int XPASTE(var, __LINE__) = 5; (void)argc;
  struct item its[3]; for (int i = 0; i < 3; i++) { its[i].v = i * 10; its[i].l.next = i < 2 ? &its[i+1].l : NULL; }
  for (list *l = &its[0].l; l; l = l->next) printf("%d ", container_of(l, struct item, l)->v); puts("");
  int v[] = {5, 3, 9, -1, 7}; qsort(v, ARRAY_LEN(v), sizeof v[0], cmp); for (size_t i = 0; i < ARRAY_LEN(v); i++) printf("%d ", v[i]); puts("");
  char *names[] = {"pear", "apple", "fig"}; qsort(names, 3, sizeof *names, cmps); printf("%s %s %s\n", names[0], names[1], names[2]);
  int key = 9, *found = bsearch(&key, v, 5, sizeof(int), cmp); printf("%td\n", found - v);
  struct big b = mkbig(3), arr[2] = { mkbig(1), mkbig(2) }; arr[0] = b; printf("%s %g %d %s %d\n", arr[0].name, arr[0].d, arr[0].a[4], mkbig(7).name, mkbig(7).a[2]);
  printf("%d %d %d\n", is_even(10), is_odd(7), pick(1)(-4) + pick(0)(4)); printf("%s %c\n", rows()[1], rows()[0][2]);
  word w = { .u = 0x12345678 }; printf("%x %x %x %x\n", w.b0, w.b3, w.h.lo, w.h.hi); w.h.hi = 0xffff; printf("%x\n", w.u);
  int m[2][3] = { {1, 2}, [1] = {[2] = 9} }; print_matrix(2, 3, m); int ctx = 3; printf("%d\n", apply(5, addctx, &ctx));
  printf("%zu %zu %zu %zu\n", sizeof(struct pk), sizeof(struct al), offsetof(struct al, d), sizeof(struct big));
  printf("%d %u %ld %lu %lld %llx %hhd %hd %c %5d|%-5d|%05d|%+d|%x|%#x|%o|%e|%g|%.3s|%10s|%-10s|%%|%p\n", -1, -1u, -1L, 1UL<<63, -1LL, ~0ULL, 300, 70000, 'c', 42, 42, 42, 42, 255, 255, 8, 12345.678, 0.0001, "abcdef", "r", "l", (void*)0);
  char s[32]; snprintf(s, sizeof s, "%08.3f|%*d|%.*s", 3.14159, 6, 42, 3, "abcdef"); puts(s); int n; char word_[16]; float fl; printf("%d ", sscanf("12 abc 3.5", "%d %15s %f", &n, word_, &fl)); printf("%d %s %.1f\n", n, word_, fl);
  char line[] = "a,b;c"; for (char *t = strtok(line, ",;"); t; t = strtok(NULL, ",;")) printf("<%s>", t); puts("");
  char *end; long sl = strtol("12abc", &end, 10); printf("%ld %s|%lu|%g\n", sl, end, strtoul("ff", NULL, 16), atof("2.5e3")); errno = ENOENT; perror("x"); printf("%s\n", strerror(EINVAL));
  char *dup = strdup("hello"); dup = realloc(dup, 20); strcat(dup, " world"); printf("%s %zu %s %s\n", dup, strlen(dup), strchr(dup, 'w'), strstr(dup, "lo")); free(dup);
  unsigned char uc = 200; uc += 100; signed char sc = (signed char)uc; short sh = -5; sh /= 2; sh <<= 3; printf("%d %d %d %d\n", uc, sc, sh, (uc > 40) + !sh); uint32_t h = 2166136261u; for (const char *p = "hash"; *p; p++) { h ^= (uint8_t)*p; h *= 16777619u; } printf("%u\n", h);
  int x = 10; x = x++ * 2 + x; int y = (x > 5 ? x : -x), z = x > 5 && y < 100 || !y; printf("%d %d\n", y, z); double dd = 1e10; int64_t big = (int64_t)dd * 3; printf("%lld %.2f %d\n", (long long)big, (double)(float)1.1, (int)(char)0x80);
  switch (argc) { int q; case 1: q = 5; printf("one %d\n", q); case 2: printf("fall\n"); break; default: printf("other\n"); }
  for (int i = 0; i < 3; i++) { for (int j = 0; ; j++) { if (j == 2) goto next; if (i == 1) continue; printf("%d%d ", i, j); } next: ; } puts("");
  struct { int a; union { int b; float c; }; struct { int d[2]; } e; } anon = { 1, { 2 }, { { 3, 4 } } }, *pa = &anon; printf("%d %d %d\n", pa->b, pa->e.d[1], anon.a); const char *multi = "line1\n" "line2\t\"q\"\\ \x41\101 \u00e9"; puts(multi);
  bool flag = argc; flag ^= 1; printf("%d %s\n", flag, flag ? "t" : "f"); assert(x > 0); int *pp[2] = { &x, &y }; **pp = 3; (*pp[1])++; printf("%d %d %d\n", x, y, *(*(pp + 1))); char c2[3][5] = {"ab", "cd"}; printf("%s%s%zu%d\n", c2[0], c2[1], strlen(c2[2]), c2[1][1]); 
  long acc = 0; for (unsigned i = 10; i-- > 0; ) acc = acc * 3 + i; printf("%ld\n", acc); do { acc /= 7; } while (acc > 100); printf("%ld %d\n", acc, toupper('q')); printf("%d\n", ({ int t = 3; t * t; })); int (*fns[])(int) = { isalpha, isdigit, toupper }; printf("%d %d %c\n", !!fns[0]('a'), !!fns[1]('a'), fns[2]('a'));
  char buf2[64] = "abc"; memmove(buf2 + 1, buf2, 4); printf("%s %d %d\n", buf2, memcmp("abc", "abd", 3) < 0, buf2[63]); printf("%.15g %.17g %a %G\n", 0.1, 0.1, 1.0, 1e-10); printf("%s\n", (char*)memchr("hello", 'l', 5)); long double ld = 3.25L; printf("%Lf %d\n", ld, (int)sizeof ld); printf("%5.1f|%-8.2e|%08d|% d\n", -2.55, 12345.0, -42, 7);
  printf("%d %d %d\n", (int)sizeof(int[3][4]), -7 % 3, (unsigned)-7 % 3); printf("%lu\n", (unsigned long)(uint8_t)~0); fprintf(stderr, "err\n"); static int st[3] = {1}; st[1] += st[0]++; printf("%d%d%d\n", st[0], st[1], st[2]); return (counter = 3) - 3;
}
