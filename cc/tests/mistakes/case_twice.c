#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1;
    switch (x) {
    case 1:
    case 1:
        puts("a");
    }
    return 0;
}
