#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int x = 1, y = 1;
    switch (x) {
    case y:
        puts("a");
    }
    return 0;
}
