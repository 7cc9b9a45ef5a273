/* Objects in arrays and in objects: each is constructed; lists in braces; *this.
 * expect:
 * ana0ruix0
 * umdois12
 * 341
 * a1
 * z0
 * t
 * 4litchaves1
 */
#include <iostream>
#include <string>
using namespace std;
struct Cliente { int fd; string nome; bool ativo = false; };
Cliente todos[3];
string nomes[2];
struct Sala { Cliente c[2]; string t[2]; int n = 0; void add(string nome) { c[n].nome = nome; c[n].ativo = true; n++; } };
class Fila { int v[5]; int ini = 0, fim = 0; public: void push(int x) { v[fim++ % 5] = x; } int pop() { return v[ini++ % 5]; } bool vazia() const { return ini == fim; } Fila &self() { return *this; } };
int main() { Cliente l[2]; l[1].nome = "ana"; todos[2].nome = "rui"; todos[0].nome = todos[2].nome + "x"; cout << l[1].nome << l[0].nome.size() << todos[0].nome << todos[1].ativo << endl;
 Sala s; s.add("um"); s.add("dois"); cout << s.c[0].nome << s.c[1].nome << s.c[1].ativo << s.n << endl; Fila f; f.push(3); f.self().push(4); cout << f.pop() << f.pop() << f.vazia() << endl;
 string linhas[3]; linhas[0] += "a"; cout << linhas[0] << linhas[2].empty() << endl; nomes[1] = "z"; cout << nomes[1] << nomes[0].length() << endl; s.t[1] = "t"; cout << s.t[1] << s.t[0] << endl;
 Cliente x = {4, "lit"}; Cliente y{5, "chaves", true}; cout << x.fd << x.nome << y.nome << y.ativo << endl; return 0; }
