/* Templates, virtual functions, namespaces, copies and ends of objects, a lambda.
 * expect:
 * A1
 * copy 101
 * 101
 * ~A101
 * 8
 * 3 4
 * 4 a
 * 9
 * 9
 * ~Der
 * ~Base
 * A3
 * make 3
 * ~A3
 * 7 7
 * q6
 * 1,2,3,
 * ~A1
 */
#include <cstdio>
class A { int x; public: A(int v) : x(v) { printf("A%d\n", x); } ~A() { printf("~A%d\n", x); } int get() const { return x; } A(const A &o) : x(o.x + 100) { printf("copy %d\n", x); } };
namespace util { int twice(int a) { return 2 * a; } struct P { int a = 3; int b{4}; }; }
template <class T> T maxi(T a, T b) { return a > b ? a : b; }
template <typename T> class Box { T v; public: Box(T x) : v(x) {} T get() const { return v; } void set(const T &x); };
template <typename T> void Box<T>::set(const T &x) { v = x; }
struct Base { virtual int f() { return 1; } virtual ~Base() { printf("~Base\n"); } int n = 7; };
struct Der : public Base { int f() override { return 2 + n; } ~Der() { printf("~Der\n"); } };
A make(int n) { A a(n); return a; }
int take(A a) { return a.get(); }
int add(int a, int b = 5) { return a + b; }
int main() {
  A a(1);
  { A b = a; printf("%d\n", b.get()); }
  printf("%d\n", util::twice(4));
  util::P p; printf("%d %d\n", p.a, p.b);
  printf("%d %s\n", maxi(3, 4), maxi("a", "a"));
  Box<int> bx(5); bx.set(9); printf("%d\n", bx.get());
  Base *d = new Der; printf("%d\n", d->f()); delete d;
  printf("make %d\n", make(3).get());
  int k = 4; auto l = [&k](int x) { k += x; return k; }; printf("%d", l(3)); printf(" %d\n", k);
  if (int q = add(1); q > 2) printf("q%d\n", q);
  int arr[] = {1, 2, 3}; for (auto x : arr) printf("%d,", x); printf("\n");
  return 0;
}
