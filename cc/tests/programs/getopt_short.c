/* getopt with permutation.
 * args: -v file1 -p 8080 -n5 file2 -- -x
 * expect:
 * verbose
 * port 8080
 * n 5
 * arg file1
 * arg file2
 * arg -x
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char *argv[]) {
    int c;
    while ((c = getopt(argc, argv, "vp:n:")) != -1)
        switch (c) {
        case 'v': puts("verbose"); break;
        case 'p': printf("port %d\n", atoi(optarg)); break;
        case 'n': printf("n %s\n", optarg); break;
        default: return 1;
        }
    for (int i = optind; i < argc; i++) printf("arg %s\n", argv[i]);
    return 0;
}
