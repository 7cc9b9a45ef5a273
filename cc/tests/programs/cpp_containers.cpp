/* Maps, sets, owners, algorithms.
 * expect:
 * a1 b2 c1 30
 * a=1;b=2;c=1;
 * 2
 * 2
 * OKNot Found
 * 13
 * x1
 * miau
 * rexau
 * miaumiau0
 * oi2
 * 125885218
 * 03
 * 3
 * 23
 * y2
 * cba32.5
 * CBA
 */
#include <iostream>
#include <map>
#include <set>
#include <unordered_map>
#include <memory>
#include <algorithm>
#include <string>
#include <vector>
#include <chrono>
#include <array>
#include <deque>
using namespace std;
struct Animal { string nome; Animal(string n) : nome(move(n)) {} virtual ~Animal() = default; virtual string som() const = 0; };
struct Gato : Animal { Gato() : Animal("gato") {} string som() const override { return "miau"; } };
struct Cao : Animal { Cao(const string &n) : Animal(n) {} string som() const override { return "au"; } };
int main() {
  map<string, int> m; m["b"] = 2; m["a"] = 1; m["c"]++; for (auto &p : m) cout << p.first << p.second << " "; cout << m.size() << m.count("z") << endl;
  for (const auto &[k, v] : m) cout << k << "=" << v << ";"; cout << endl;
  auto it = m.find("b"); if (it != m.end()) { cout << it->second << endl; m.erase(it); } cout << m.size() << endl;
  map<int, string> e = {{404, "Not Found"}, {200, "OK"}}; cout << e[200] << e.at(404) << endl;
  set<int> s; s.insert(3); s.insert(1); s.insert(3); for (int x : s) cout << x; cout << endl;
  unordered_map<int, string> um; um[5] = "x"; cout << um[5] << um.size() << endl;
  unique_ptr<Animal> a(new Gato); cout << a->som() << endl; unique_ptr<Animal> b = make_unique<Cao>("rex"); cout << b->nome << b->som() << endl;
  vector<unique_ptr<Animal>> vs; vs.push_back(move(a)); vs.push_back(make_unique<Gato>()); for (auto &x : vs) cout << x->som(); cout << (a ? 1 : 0) << endl;
  shared_ptr<string> sp = make_shared<string>("oi"); auto sp2 = sp; cout << *sp2 << sp.use_count() << endl;
  vector<int> v{5, 2, 8, 1}; sort(v.begin(), v.end()); for (int x : v) cout << x; sort(v.begin(), v.end(), [](int x, int y) { return x > y; }); for (int x : v) cout << x; cout << *max_element(v.begin(), v.end()) << endl;
  auto f = find(v.begin(), v.end(), 8); cout << (f - v.begin()) << count_if(v.begin(), v.end(), [](int x) { return x > 1; }) << endl;
  v.erase(remove_if(v.begin(), v.end(), [](int x) { return x == 2; }), v.end()); cout << v.size() << endl;
  array<int, 3> ar = {1, 2, 3}; cout << ar[1] << ar.size() << endl;
  deque<string> dq; dq.push_back("x"); dq.push_front("y"); cout << dq.front() << dq.size() << endl;
  string txt = "abc"; reverse(txt.begin(), txt.end()); cout << txt << min(3, 4) << max(2.5, 1.0) << endl; swap(v[0], v[1]);
  transform(txt.begin(), txt.end(), txt.begin(), ::toupper); cout << txt << endl;
  return 0;
}
