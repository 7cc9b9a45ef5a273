#include <iostream>
#include <string>
#include <winsock2.h>

using namespace std;

static int fail(const char *what)
{
    int code = WSAGetLastError();                                   // 7
    cerr << what << ": " << code << endl;
    return 1;
}

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    WSADATA data;
    int r = WSAStartup(MAKEWORD(2, 2), &data);                      // 6
    if (r != 0) {
        cerr << "WSAStartup: " << r << endl;
        return 1;
    }

    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == INVALID_SOCKET) return fail("socket");

    sockaddr_in addr = {};
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = inet_addr(ip);
    if (connect(s, (sockaddr *)&addr, sizeof addr) == SOCKET_ERROR) return fail("connect");

    string word = "ola";
    send(s, word.c_str(), (int)word.size(), 0);
    char buf[100];
    int n = recv(s, buf, sizeof buf - 1, 0);
    if (n == SOCKET_ERROR) return fail("recv");
    buf[n] = '\0';
    cout << "recv: " << buf << endl;

    closesocket(s);
    WSACleanup();
    return 0;
}
