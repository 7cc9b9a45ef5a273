/* asprintf, open_memstream, dprintf, vsnprintf's return value.
 * expect:
 * 3 x-5
 * 23 mais lo
 * 5
 * ola 1 mundo 11
 * direto 7
 * 5001
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int fmt(char *b, size_t n, const char *f, ...) { va_list ap; va_start(ap, f); int r = vsnprintf(b, n, f, ap); va_end(ap); return r; }
int main(void) {
    char *s; int n = asprintf(&s, "%s-%d", "x", 5); printf("%d %s\n", n, s); free(s);
    char b[8]; printf("%d %s\n", fmt(b, sizeof b, "%s", "mais longo que o buffer"), b);
    printf("%d\n", snprintf(NULL, 0, "%d", 12345));
    char *m; size_t z; FILE *f = open_memstream(&m, &z); fprintf(f, "ola %d", 1); fputs(" mundo", f); fclose(f); printf("%s %zu\n", m, z); free(m);
    fflush(stdout); dprintf(1, "direto %d\n", 7);
    char *big = malloc(5000); memset(big, 'z', 4999); big[4999] = 0; printf("%d\n", asprintf(&s, "<%s>", big)); free(s); free(big);
    return 0;
}
