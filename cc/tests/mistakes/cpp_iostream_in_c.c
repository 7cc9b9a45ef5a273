#include <iostream>
using namespace std;
int main()
{
    cout << "oi" << endl;
    return 0;
}
