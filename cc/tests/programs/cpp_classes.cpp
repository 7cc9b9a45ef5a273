/* Classes as students write them: member functions, constructors, destructors, members with
 * initialisers of their own, objects in objects, new and delete.
 * expect:
 * conta de global
 * 18 13 5
 * conta de Ana
 * 0
 * Ana: 12.5 (1 operacoes)
 * ninguem: 0 (0 operacoes) vazia
 * 12.5 112.5 Ana
 * conta de Rui
 * Rui: 1.25 (1 operacoes)
 * abre 10
 * abre 20
 * ola
 * abre 10
 * fecha 10
 * abre 11
 * ate
 * fecha 11
 * fecha 20
 * fecha 10
 * 4
 * -1joao3
 * 70
 * conta de sala
 * sala: 5 (0 operacoes)
 * 0
 * 100
 * 105
 * global: 1 (0 operacoes)
 * 101 102
 */
#include <iostream>
#include <string>
#include <cstring>
#include <unistd.h>
using namespace std;

struct Ponto {
    int x, y;
    int soma() const { return x + y; }
    void move(int dx, int dy = 1);
};

void Ponto::move(int dx, int dy) {
    x += dx;
    this->y += dy;
}

class Conta {
private:
    string dono;
    double saldo;
    int operacoes = 0;

public:
    Conta(const string &nome, double inicial) : dono(nome), saldo{inicial} {
        cout << "conta de " << dono << endl;
    }
    Conta() : dono("ninguem"), saldo(0), Conta_vazia(true) {}
    bool deposita(double valor) {
        if (valor <= 0)
            return false;
        saldo += valor;
        operacoes++;
        return true;
    }
    void mostra() const;
    string nome() const { return dono; }
    double valor() { return saldo; }
    bool Conta_vazia = false;
};

void Conta::mostra() const {
    cout << dono << ": " << saldo << " (" << operacoes << " operacoes)";
    cout << (Conta_vazia ? " vazia" : "") << endl;
}

class Socket {
    int fd;

public:
    explicit Socket(int fd) : fd(fd) { cout << "abre " << this->fd << endl; }
    ~Socket() {
        cout << "fecha " << fd << endl;
    }
    int manda(const char *texto) { return manda(texto, strlen(texto)); }
    int manda(const char *texto, size_t n) { return (int)write(1, texto, n); }
    int get() const { return fd; }
};

struct Cliente {
    int fd = -1;
    string nome;
    Ponto onde = {1, 2};
    char buffer[16];
};

struct Sala {
    Cliente um;
    Conta conta{"sala", 5};
    int quantos() { return um.fd < 0 ? 0 : 1; }
};

class Contador {
    int n;
public:
    Contador(int inicio = 10);
    int proximo();
};
Contador::Contador(int inicio) { n = inicio; }
int Contador::proximo() { return n++; }

Contador global(100);
Conta outra("global", 1);

static int escopo() {
    Socket a(10);
    Socket b{20};
    a.manda("ola\n");
    for (int i = 0; i < 2; i++) {
        Socket d(a.get() + i);
        if (i == 1)
            return b.manda("ate\n", 4);
    }
    return 0;
}

int main() {
    Ponto p{3, 4};
    p.move(10);
    cout << p.soma() << " " << p.x << " " << p.y << endl;
    Conta c("Ana", 10.5), vazia;
    c.deposita(2);
    cout << c.deposita(-1) << endl;
    c.mostra();
    vazia.mostra();
    Conta copia = c;
    copia.deposita(100);
    cout << c.valor() << " " << copia.valor() << " " << copia.nome() << endl;
    Conta *q = new Conta("Rui", 1);
    q->deposita(0.25);
    q->mostra();
    delete q;
    cout << escopo() << endl;
    Cliente cliente;
    cliente.nome += "joao";
    cout << cliente.fd << cliente.nome << cliente.onde.soma() << endl;
    Cliente *novo = new Cliente;
    novo->fd = 7;
    cout << novo->fd << novo->nome.size() << endl;
    delete novo;
    Sala sala;
    sala.um.nome = "x";
    sala.conta.mostra();
    cout << sala.quantos() << endl;
    cout << global.proximo() << endl;
    cout << Contador().proximo() << Contador(5).proximo() << endl;
    outra.mostra();
    Contador &r = global;
    Contador *s = &global;
    cout << r.proximo() << " " << s->proximo() << endl;
    return 0;
}
