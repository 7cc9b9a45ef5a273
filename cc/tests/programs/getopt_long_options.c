/* getopt_long.
 * args: --port=80 --verbose -h --name x rest --bad
 * expect:
 * 112 80 2
 * 0 - 3
 * 104 - 4
 * 110 x 6
 * 63 - 8
 * verbose 1 rest rest
 */
#include <getopt.h>
#include <stdio.h>
int main(int argc, char **argv) {
    static int verbose;
    static struct option o[] = {{"port", required_argument, 0, 'p'}, {"verbose", no_argument, &verbose, 1}, {"help", no_argument, 0, 'h'}, {"name", required_argument, 0, 'n'}, {0, 0, 0, 0}};
    int c, i = 0;
    while ((c = getopt_long(argc, argv, "p:hn:", o, &i)) != -1) printf("%d %s %d\n", c, optarg ? optarg : "-", optind);
    printf("verbose %d rest %s\n", verbose, argv[optind]);
    return 0;
}
