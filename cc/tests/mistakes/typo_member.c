#include <netinet/in.h>
int main(void)
{
    struct sockaddr_in a = { 0 };
    a.sin_prot = htons(80);
    return 0;
}
