#include <stdio.h>
int main(void)
{
    cout << "oi" << endl;
    return 0;
}
