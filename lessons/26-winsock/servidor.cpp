#include <iostream>
#include <winsock2.h>

using namespace std;

static int fail(const char *what)
{
    int code = WSAGetLastError();
    cerr << what << ": " << code << endl;
    return 1;
}

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
    if (s == INVALID_SOCKET) return fail("socket");

    sockaddr_in addr = {};
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (sockaddr *)&addr, sizeof addr) == SOCKET_ERROR) return fail("bind");
    if (listen(s, 5) == SOCKET_ERROR) return fail("listen");

    SOCKET c = accept(s, NULL, NULL);
    if (c == INVALID_SOCKET) return fail("accept");

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
