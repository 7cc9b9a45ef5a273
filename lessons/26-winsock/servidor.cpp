#include <iostream>
#include <winsock2.h>

using namespace std;

int main()
{
    WSADATA data;
    int r = WSAStartup(MAKEWORD(2, 2), &data);                      // 1
    if (r != 0) {
        cerr << "WSAStartup: " << r << endl;
        return 1;
    }
    cout << "version " << (int)LOBYTE(data.wVersion) << "."
         << (int)HIBYTE(data.wVersion) << endl;                     // 2

    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);                     // 3
    if (s == INVALID_SOCKET) {
        cerr << "socket: " << WSAGetLastError() << endl;
        return 1;
    }

    sockaddr_in addr = {};
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (sockaddr *)&addr, sizeof addr) == SOCKET_ERROR) {
        cerr << "bind: " << WSAGetLastError() << endl;
        return 1;
    }
    if (listen(s, 5) == SOCKET_ERROR) {
        cerr << "listen: " << WSAGetLastError() << endl;
        return 1;
    }

    SOCKET c = accept(s, NULL, NULL);
    if (c == INVALID_SOCKET) {
        cerr << "accept: " << WSAGetLastError() << endl;
        return 1;
    }

    char buf[100];
    int n;
    while ((n = recv(c, buf, sizeof buf, 0)) > 0) {
        cout << "recv: " << n << " bytes" << endl;
        send(c, buf, n, 0);
    }

    closesocket(c);                                                 // 4
    closesocket(s);
    WSACleanup();                                                   // 5
    return 0;
}
