/* Vectors, strings, streams, function objects, queues, lists, pairs.
 * expect:
 * 3 1 2 9 
 * ana,rui,eva,
 * ze(4) 1
 * ze(4)4;bia(7)7;
 * ABC 05
 * 5
 * 15
 * x2y
 * 0122
 * n=42 2.5
 * 10abc3.5
 * 00042ff
 * GET|/x HTTP/1.1
 * k3
 * 752
 * 1um2dois
 */
#include <iostream>
#include <string>
#include <vector>
#include <functional>
#include <queue>
#include <list>
#include <sstream>
#include <iomanip>
using namespace std;
enum class Cor { Azul, Verde = 5 };
class Cliente { string nome; int fd; static int total; public: Cliente(const string &n, int f) : nome(n), fd(f) { total++; } const string &getNome() const { return nome; } int getFd() const { return fd; } static int quantos() { return total; } friend ostream &operator<<(ostream &os, const Cliente &c); bool operator<(const Cliente &o) const { return fd < o.fd; } };
int Cliente::total = 0;
ostream &operator<<(ostream &os, const Cliente &c) { return os << c.nome << "(" << c.fd << ")"; }
string maiuscula(string s) { for (char &c : s) c = toupper(c); return s; }
int main() {
  vector<int> v = {3, 1, 2}; v.push_back(9); for (int x : v) cout << x << " "; cout << endl;
  vector<string> nomes{"ana", "rui"}; nomes.push_back("eva"); for (const auto &n : nomes) cout << n << ","; cout << "\n";
  Cliente c("ze", 4); cout << c << " " << Cliente::quantos() << endl;
  vector<Cliente> cs; cs.push_back(c); cs.emplace_back("bia", 7); for (auto it = cs.begin(); it != cs.end(); ++it) cout << *it << it->getFd() << ";"; cout << endl;
  cout << maiuscula("abc") << " " << (Cor::Verde == Cor::Azul) << static_cast<int>(Cor::Verde) << endl;
  function<int(int, int)> f = [](int a, int b) { return a + b; }; cout << f(2, 3) << endl;
  int base = 10; function<void(int)> g = [&](int x) { base += x; }; g(5); cout << base << endl;
  queue<string> q; q.push("x"); q.push("y"); cout << q.front() << q.size(); q.pop(); cout << q.front() << endl;
  list<int> l; l.push_back(1); l.push_back(2); l.push_front(0); for (int x : l) cout << x; l.remove(1); cout << l.size() << endl;
  stringstream ss; ss << "n=" << 42 << ' ' << 2.5; cout << ss.str() << endl; istringstream is("10 abc 3.5"); int a; string b; double d; is >> a >> b >> d; cout << a << b << d << endl;
  cout << setw(5) << setfill('0') << 42 << hex << 255 << dec << endl;
  string linha = "GET /x HTTP/1.1"; size_t p = linha.find(' '); cout << linha.substr(0, p) << "|" << linha.substr(p + 1) << endl;
  pair<string, int> pr("k", 3); auto [kk, vv] = pr; cout << kk << vv << endl;
  vector<vector<int>> m(2, vector<int>(3, 7)); m[1][2] = 5; cout << m[0][0] << m[1][2] << m.size() << endl;
  vector<pair<int,string>> vp; vp.push_back({1, "um"}); vp.push_back(make_pair(2, string("dois"))); for (auto &x : vp) cout << x.first << x.second; cout << endl;
  return 0;
}
