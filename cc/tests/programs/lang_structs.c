/* Structures by value, unions, bit-fields, flexible arrays, function pointer tables, enums.
 * expect:
 * d 2.5 5.0 16 8
 * 1 1 4000 -3 4
 * abc 4
 * 10 4 3628800 2 11 1
 * 3 0 5
 * 4 1
 * 4 -128 -25536 0 -3
 * -1 32 f 13
 * 10
 * cai
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct { char tag; union { int i; double d; char s[8]; } u; } Value;
struct flags { unsigned a : 1, b : 3, c : 12; signed d : 4; };
struct packet { uint16_t len; uint8_t type; uint8_t data[]; };
typedef int (*Op)(int, int);
static int add(int a, int b) { return a + b; } static int sub(int a, int b) { return a - b; }
static Value make(double d) { Value v = {.tag = 'd', .u.d = d}; return v; }
static int fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); }
enum dia { SEG = 1, TER, QUA = 10, QUI };
int main(void) {
    Value v = make(2.5), w = v; w.u.d *= 2; printf("%c %.1f %.1f %zu %zu\n", v.tag, v.u.d, w.u.d, sizeof(Value), offsetof(Value, u));
    struct flags f = {1, 5, 4000, -3}; f.b += 4; printf("%u %u %u %d %zu\n", f.a, f.b, f.c, f.d, sizeof f);
    struct packet *p = malloc(sizeof *p + 4); p->len = 4; p->type = 1; memcpy(p->data, "abc", 4); printf("%s %zu\n", (char *)p->data, sizeof *p); free(p);
    Op ops[] = {add, sub}; for (int i = 0; i < 2; i++) printf("%d ", ops[i](7, 3));
    printf("%d %d %d %d\n", fact(10), TER, QUI, SEG);
    struct { int x, y; } pts[] = {{1, 2}, [2] = {.y = 5}}; printf("%zu %d %d\n", sizeof pts / sizeof *pts, pts[1].x, pts[2].y);
    union { uint32_t u; uint8_t b[4]; } e = {0x01020304}; printf("%d %d\n", e.b[0], e.b[3]);
    unsigned char uc = 250; uc += 10; signed char sc = 127; sc++; short sh = (short)40000; printf("%d %d %d %u %d\n", uc, sc, sh, -1 < 0u, -7 / 2);
    printf("%d %d %x %d\n", -7 % 3, 1 << 5, ~0u >> 28, 5 & 6 | 8 ^ 1);
    goto end; puts("no");
end:
    switch (QUA) { case 1: puts("1"); case 10: puts("10"); case 11: puts("cai"); break; default: puts("d"); }
    return 0;
}
