/* C++ constants as sizes, references to arrays, using-declarations.
 * expect:
 * 1 2 1649
 * B
 * 7 120 1
 * ola mundo!
 * 52.5sim
 * xcs
 */
#include <iostream>
#include <string.h>
#include <stdio.h>
const int N = 8;
const int M = N * 2;
static char g[M];
using std::cout;
using std::endl;
enum Tipo { A, B = 5 };
struct No { int v; No *prox; };
typedef struct Par { int a, b; } Par;
int fat(int n) { return n <= 1 ? 1 : n * fat(n - 1); }
void preenche(int (&v)[3]) { v[0] = 9; }
bool par(int n) { return !(n % 2); }
int main() {
    const int K = 4; char b[K] = {0}; int v[] = {1, 2, 3};
    preenche(v);
    No n2 = {2, nullptr}, n1 = {1, &n2};
    for (No *p = &n1; p != NULL; p = p->prox) cout << p->v << ' ';
    cout << sizeof(g) << sizeof b << v[0] << endl;
    Tipo t = B; switch (t) { case A: cout << "A"; break; case B: cout << "B" << endl; }
    Par p{3, 4}; cout << p.a + p.b << " " << fat(5) << " " << par(4) << endl;
    char nome[20] = "mundo"; cout << "ola " << nome << "!" << endl;
    unsigned long ul = 5; float f = 2.5f; cout << ul << f << (t == B ? "sim" : "nao") << endl;
    const char *cs = "cs"; std::string s = std::string("x") + cs; cout << s << "\n";

    return 0;
}
