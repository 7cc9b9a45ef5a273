/* Default arguments, overloads, references, bool, nullptr, struct without typedef.
 * expect:
 * truetrue
 * int 7
 * string oi!
 * 9tchau
 */
#include <cstring>
#include <iostream>
#include <string>
using namespace std;
struct Mensagem {
    int tipo;
    char texto[20];
};
void preenche(Mensagem &m, const char *texto, int tipo = 7) {
    m.tipo = tipo;
    strcpy(m.texto, texto);
}
void mostra(int n) { cout << "int " << n << "\n"; }
void mostra(const string &s) { cout << "string " << s << "\n"; }
bool vazio(const Mensagem *m) { return m == nullptr || m->texto[0] == 0; }
int main() {
    Mensagem m = {};
    cout << boolalpha << vazio(&m) << vazio(nullptr) << endl;
    preenche(m, "oi");
    mostra(m.tipo);
    mostra(string(m.texto) + "!");
    preenche(m, "tchau", 9);
    cout << m.tipo << m.texto << endl;
    return 0;
}
