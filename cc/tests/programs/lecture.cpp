/* The small C++ of the lecture.
 * expect:
 * 2 1
 * abcdef!x 8 8
 * 111
 * Zbc 3
 * npos
 * [oi] 3,4
 * 11 3 3.75
 * 16
 * 9
 * 42
 * 1 true
 * 3.14159 2.72
 * ff    42|
 * abc 3
 * abc5
 * std32
 * abc+abc
 * 
 * A65nullptr
 * 12a77
 */
#include <iostream>
#include <string>
#include <cstring>
#include <iomanip>
using namespace std;
struct Ponto { int x, y; };
void troca(int &a, int &b) { int t = a; a = b; b = t; }
int soma(int a, int b = 10) { return a + b; }
double soma(double a, double b) { return a + b; }
void mostra(const string &s, Ponto p) { cout << "[" << s << "] " << p.x << "," << p.y << endl; }
string junta(string a, const char *b) { a += b; return a; }
int main(int argc, char *argv[]) {
    int x = 1, y = 2;
    troca(x, y);
    cout << x << " " << y << endl;
    string s = "abc", t("def"), u;
    u = s + t + '!' + "x";
    cout << u << " " << u.length() << " " << u.size() << endl;
    cout << (s == "abc") << (s != t) << (s < t) << endl;
    u[0] = 'Z';
    cout << u.substr(0, 3) << " " << u.find("def") << endl;
    if (u.find("nope") == string::npos) cout << "npos\n";
    Ponto p = {3, 4};
    mostra("oi", p);
    cout << soma(1) << " " << soma(1, 2) << " " << soma(1.5, 2.25) << endl;
    int *v = new int[5];
    for (int i = 0; i < 5; i++) v[i] = i * i;
    cout << v[4] << endl;
    delete[] v;
    Ponto *q = new Ponto;
    q->x = 9; cout << q->x << '\n'; delete q;
    int *n = new int(42); cout << *n << endl; delete n;
    bool ok = true; cout << ok << " " << boolalpha << ok << endl;
    cout << 3.14159265 << " " << fixed << setprecision(2) << 2.71828 << endl;
    cout << hex << 255 << dec << setw(6) << 42 << "|" << endl;
    char buf[16]; strcpy(buf, s.c_str()); cout << buf << " " << strlen(buf) << endl;
    auto z = 5; const string &ref = s; cout << ref << z << endl;
    std::cout << std::string("std") << static_cast<int>(3.9) << int(2.5) << std::endl;
    cout << junta(s, "+") << s << endl;
    string linha; int k;
    while (cin >> k) cout << k << ";";
    cout << endl;
    unsigned char uc = 'A'; cout << uc << (int)uc << nullptr << endl;
    cout << to_string(12) + "a" << stoi("77") << endl;
    int *np = nullptr; if (!np) cerr << "null" << endl;
    return 0;
}
