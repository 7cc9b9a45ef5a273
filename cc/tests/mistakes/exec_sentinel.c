#include <stdio.h>
#include <unistd.h>
int main(void)
{
    execlp("ls", "ls", "-l");
    perror("execlp");
    return 1;
}
