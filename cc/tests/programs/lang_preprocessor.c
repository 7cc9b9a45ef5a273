/* The preprocessor: conditionals, stringizing, pasting, variadic macros.
 * expect:
 * [main] oi
 * [main] 2 1
 * VERSION 12 linux 5 1
 * concat AB	"
 */
#include <stdio.h>
#define STR(x) #x
#define XSTR(x) STR(x)
#define CAT(a, b) a##b
#define LOG(fmt, ...) printf("[%s] " fmt "\n", __func__, ##__VA_ARGS__)
#define SWAP(T, a, b) do { T t_ = a; a = b; b = t_; } while (0)
#define VERSION 12
#if defined(__linux__) && VERSION > 10
#define SYS "linux"
#elif defined(_WIN32)
#define SYS "windows"
#else
#error unknown
#endif
#ifndef DEBUG
#define DEBUG 0
#endif
static int CAT(va, lor) = 5;
int main(void) {
    int a = 1, b = 2; SWAP(int, a, b);
    LOG("oi"); LOG("%d %d", a, b);
    printf("%s %s %s %d %d\n", STR(VERSION), XSTR(VERSION), SYS, valor, __LINE__ > 0);
    if (DEBUG) puts("debug");
    printf("%s" " " "%s\n", "con" "cat", "\x41\102\t\"");
    return 0;
}
