/* `#pragma pack`: what a student's packet headers use; bit-fields, nested packs, both spellings.
 * expect:
 * 8 7 5
 * 7 6 1
 * 18 2 10
 * 9 16
 * 12 4 8
 * 04 03 02 01 07 06 05 
 * 5 1073741823 257 9
 * 05 00 00 00 06 04 09 
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct before { char c; int i; };
#pragma pack(push, 1)
typedef struct {
    uint32_t id;
    uint8_t op;
    uint16_t n;
} header_t;
struct bits { uint8_t a : 3; uint32_t b : 31; uint16_t c : 9; uint8_t d; };
#pragma pack(push, 2)
struct two { char c; double d; struct before b; };
#pragma pack(pop)
struct again { char c; long l; };
#pragma pack(pop)
struct after { char c; long l; };
#pragma pack(4)
struct four { char c; long l; };
#pragma pack()
union choice { char c[5]; int i; };
#pragma GCC diagnostic ignored "-Wall"

int main(void)
{
    printf("%zu %zu %zu\n", sizeof(struct before), sizeof(header_t), offsetof(header_t, n));
    printf("%zu %zu %zu\n", sizeof(struct bits), offsetof(struct bits, d), _Alignof(struct bits));
    printf("%zu %zu %zu\n", sizeof(struct two), offsetof(struct two, d), offsetof(struct two, b));
    printf("%zu %zu\n", sizeof(struct again), sizeof(struct after));
    printf("%zu %zu %zu\n", sizeof(struct four), offsetof(struct four, l), sizeof(union choice));
    header_t h = { 0x01020304, 7, 0x0506 };
    const unsigned char *p = (const unsigned char *)&h;
    for (size_t i = 0; i < sizeof h; i++)
        printf("%02x ", p[i]);
    struct bits b = { 5, 0x3fffffff, 257, 9 };
    printf("\n%u %u %u %u\n", b.a, (unsigned)b.b, b.c, b.d);
    b.b++;
    p = (const unsigned char *)&b;
    for (size_t i = 0; i < sizeof b; i++)
        printf("%02x ", p[i]);
    printf("\n");
    return 0;
}
