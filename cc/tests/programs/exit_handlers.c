/* atexit in reverse order, then the flush; the status is cut to eight bits.
 * exit: 44
 * expect:
 * main b
 * a
 * a
 */
#include <stdio.h>
#include <stdlib.h>
static void a(void) { puts("a"); }
static void b(void) { puts("b"); atexit(a); }
int main(void) { atexit(a); atexit(b); printf("main "); exit(300); }
