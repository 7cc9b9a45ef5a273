/* Files: writing, reading back, seeking, appending, errors.
 * expect:
 * 27
 * [linha 1
 * ][linha 2
 * ][linha 3
 * ][fim]
 * 1 0
 * ilZ
 * fim
 * 7 1
 * 32 +mais
 * Linha 1
 * 8 8 8 8 
 * 1 Success
 * 4
 * 4 0
 * 0
 * -1
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    const char *name = "corpus_file.txt"; char line[100];
    FILE *f = fopen(name, "w"); if (!f) { perror(name); return 1; }
    for (int i = 1; i <= 3; i++) fprintf(f, "linha %d\n", i);
    fputs("fim", f); printf("%ld\n", ftell(f)); fclose(f);
    f = fopen(name, "r"); while (fgets(line, sizeof line, f)) printf("[%s]", line);
    printf("\n%d %d\n", feof(f) != 0, ferror(f)); rewind(f);
    printf("%c%c", fgetc(f), getc(f)); ungetc('Z', f); printf("%c", fgetc(f)); puts("");
    fseek(f, -3, SEEK_END); printf("%s\n", fgets(line, sizeof line, f));
    fseek(f, 6, SEEK_SET); printf("%ld %c\n", ftell(f), fgetc(f)); fclose(f);
    f = fopen(name, "a+"); fprintf(f, "+mais"); rewind(f); size_t n = fread(line, 1, sizeof line, f); printf("%zu %.5s\n", n, line + n - 5); fclose(f);
    f = fopen(name, "r+"); fputc('L', f); fflush(f); rewind(f); printf("%s", fgets(line, sizeof line, f)); fclose(f);
    f = fopen(name, "r"); char *buf = NULL; size_t cap = 0; ssize_t len; while ((len = getline(&buf, &cap, f)) != -1) printf("%zd ", len); puts(""); free(buf); fclose(f);
    printf("%d %s\n", fopen("nao/existe", "r") == NULL, strerror(errno));
    int v[4] = {1, 2, 3, 4}, r[4] = {0}; f = fopen(name, "wb"); printf("%zu\n", fwrite(v, sizeof *v, 4, f)); fclose(f);
    f = fopen(name, "rb"); printf("%zu %d\n", fread(r, sizeof *r, 4, f), r[3]); fclose(f);
    printf("%d\n", remove(name)); printf("%d\n", remove(name));
    return 0;
}
