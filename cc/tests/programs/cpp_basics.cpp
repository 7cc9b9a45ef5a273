/* The lecture's C++: iostream, string, references, bool, new and delete.
 * stdin: 7 3.5 palavra\numa linha\n
 * expect:
 * n=7 d=3.5 w=palavra
 * [uma linha] 9
 * 2 1
 * 11 3
 * 1 0
 * 4
 * 1
 * abcdef! 7 b 1
 * abcdef! 42
 * Cc1.51000000003000000000
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
using namespace std;
void troca(int &a, int &b) { int t = a; a = b; b = t; }
int soma(int a, int b = 10) { return a + b; }
int main()
{
    int n; double d; string w, line;
    cin >> n >> d >> w;
    cout << "n=" << n << " d=" << d << " w=" << w << endl;
    getline(cin, line); getline(cin, line);
    cout << "[" << line << "] " << line.size() << "\n";
    int a = 1, b = 2; troca(a, b); cout << a << ' ' << b << endl;
    cout << soma(1) << " " << soma(1, 2) << endl;
    bool ok = true; cout << ok << " " << !ok << endl;
    int *p = new int[3]; for (int i = 0; i < 3; i++) p[i] = i * i; cout << p[2] << endl; delete[] p;
    int *q = nullptr; cout << (q == nullptr) << endl;
    string s = "abc"; s += "def"; s = s + "!"; cout << s << " " << s.length() << " " << s[1] << " " << (s == "abcdef!") << endl;
    printf("%s %d\n", s.c_str(), atoi("42"));
    char buf[20]; strcpy(buf, "C"); cout << buf << 'c' << 1.5 << 100000000 << 3000000000u << endl;
    return 0;
}
