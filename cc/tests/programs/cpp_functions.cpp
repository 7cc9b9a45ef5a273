/* std::function of lambdas, with and without captures.
 * expect:
 * 5
 * 15
 */
#include <functional>
#include <iostream>
using namespace std;
int main() { function<int(int, int)> f = [](int a, int b) { return a + b; }; cout << f(2, 3) << endl;
  int base = 10; function<void(int)> g = [&](int x) { base += x; }; g(5); cout << base << endl; return 0; }
