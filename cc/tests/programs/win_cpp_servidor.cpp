/* The lecture's kind of server: Winsock with iostream.
 * compile only
 */
#include <iostream>
#include <winsock2.h>
#include <windows.h>
#include <string>
using namespace std;

int main()
{
    WSADATA wsa;
    SOCKET s, cliente;
    SOCKADDR_IN addr;
    char buffer[1024];
    if (WSAStartup(MAKEWORD(2, 0), &wsa) != 0) {
        cout << "Erro: " << WSAGetLastError() << endl;
        return 1;
    }
    s = socket(AF_INET, SOCK_STREAM, 0);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(1234);
    addr.sin_addr.s_addr = INADDR_ANY;
    memset(&addr.sin_zero, 0, 8);
    if (bind(s, (sockaddr *)&addr, sizeof(addr)) == SOCKET_ERROR) {
        cerr << "bind falhou: " << WSAGetLastError() << endl;
        closesocket(s);
        WSACleanup();
        return 1;
    }
    listen(s, 5);
    cout << "Esperando..." << endl;
    int tam = sizeof(SOCKADDR_IN);
    cliente = accept(s, (SOCKADDR *)&addr, &tam);
    string nome = "servidor";
    while (true) {
        int n = recv(cliente, buffer, sizeof(buffer) - 1, 0);
        if (n <= 0)
            break;
        buffer[n] = '\0';
        cout << nome << ": " << buffer << " (" << n << " bytes)" << endl;
        send(cliente, buffer, n, 0);
    }
    closesocket(cliente);
    closesocket(s);
    WSACleanup();
    system("PAUSE");
    return EXIT_SUCCESS;
}
