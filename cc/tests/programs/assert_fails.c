/* assert ends the program with SIGABRT after what was printed.
 * exit: 134
 * expect:
 * antes
 */
#include <assert.h>
#include <stdio.h>
int main(void) { assert(1 + 1 == 2); puts("antes"); fflush(stdout); assert(0 && "falhou"); return 0; }
