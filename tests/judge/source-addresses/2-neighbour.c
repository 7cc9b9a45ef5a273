/* The host at 10.0.0.2, which only has to be there. */
#include <unistd.h>

int main(void)
{
    usleep(300000);
    return 0;
}
