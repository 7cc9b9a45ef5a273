/* fseek(3), ftell(3), rewind(3) in every mode: within the buffer, behind it, after writing, appending.
 * expect:
 * 5200
 * 12
 * 5203 5203    0   1ABCD
 * -1 1
 * e 5201 0
 * e 5201
 *   25  26 108
 * 107 6
 * 7  2
 * 4 6
 *    0QQ 1
 * 5207
 *    0 4
 * 49 5001
 * -1 1 9000
 * -1
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    char name[64], word[9];
    snprintf(name, sizeof name, "/tmp/seek%d.bin", (int)getpid());
    FILE *f = fopen(name, "wb");
    for (int i = 0; i < 1300; i++)
        fprintf(f, "%4d", i);
    printf("%ld\n", ftell(f));
    fseek(f, 8, SEEK_SET);
    fputs("ABCD", f);
    printf("%ld\n", ftell(f));
    fseek(f, 0, SEEK_END);
    fputs("end", f);
    fclose(f);

    f = fopen(name, "rb");
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *all = malloc(size);
    size_t got = fread(all, 1, size, f);
    printf("%ld %zu %.12s\n", size, got, all);
    int c = fgetc(f);
    printf("%d %d\n", c, feof(f) != 0);
    fseek(f, -3, SEEK_END);
    c = fgetc(f);
    printf("%c %ld %d\n", c, ftell(f), feof(f));
    fseek(f, -1, SEEK_CUR);
    c = fgetc(f);
    printf("%c %ld\n", c, ftell(f));
    fseek(f, 100, SEEK_SET);
    fgets(word, sizeof word, f);
    printf("%s %ld\n", word, ftell(f));
    ungetc(word[7], f);
    printf("%ld %c\n", ftell(f), word[7]);
    fseek(f, 4, SEEK_CUR);
    fgets(word, 5, f);
    printf("%s\n", word);
    fclose(f);
    free(all);

    f = fopen(name, "r+");
    got = fread(word, 1, 4, f);
    fseek(f, 0, SEEK_CUR);
    fputs("QQ", f);
    fflush(f);
    printf("%zu %ld\n", got, ftell(f));
    fseek(f, 0, SEEK_SET);
    fgets(word, sizeof word, f);
    printf("%s\n", word);
    fclose(f);

    f = fopen(name, "a+");
    fputs("more", f);
    printf("%ld\n", ftell(f));
    rewind(f);
    fgets(word, 5, f);
    printf("%s %ld\n", word, ftell(f));
    fclose(f);

    f = fopen(name, "rb");
    fseek(f, 5000, SEEK_SET);
    c = fgetc(f);
    printf("%d %ld\n", c, ftell(f));
    fseek(f, 9000, SEEK_SET);
    c = fgetc(f);
    printf("%d %d %ld\n", c, feof(f) != 0, ftell(f));
    printf("%d\n", fseek(f, -1, SEEK_SET));
    fclose(f);
    remove(name);
    return 0;
}
