/* What Winsock says: results and WSAGetLastError() of calls that go wrong, and of some that do not. */
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#define SAY(call)                                                              \
    do {                                                                       \
        WSASetLastError(0);                                                    \
        int ret_ = (int)(call);                                                \
        printf("%s = %d, %d\n", #call, ret_, ret_ < 0 ? WSAGetLastError() : 0); \
    } while (0)

static struct sockaddr_in at(const char *ip, int port)
{
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons((unsigned short)port);
    a.sin_addr.s_addr = inet_addr(ip);
    return a;
}
#define ADDR(a) (struct sockaddr *)&(a), sizeof(a)

int main(void)
{
    WSADATA data;
    char buf[64];
    int value, len = sizeof value;
    u_long on = 1;
    struct sockaddr_in a = at("127.0.0.1", 7300), none = at("127.0.0.1", 7301), got;
    int size = sizeof got;
    setvbuf(stdout, NULL, _IONBF, 0);
    SAY(socket(AF_INET, SOCK_STREAM, 0));
    SAY(WSAStartup(MAKEWORD(2, 2), &data));
    printf("%d.%d\n", LOBYTE(data.wVersion), HIBYTE(data.wVersion));
    SAY(socket(99, SOCK_STREAM, 0));
    SAY(socket(AF_INET, 99, 0));
    SAY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SAY(closesocket(12345));
    SAY(send(12345, "x", 1, 0));
    SOCKET l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(listen(l, 1));
    SAY(recv(c, buf, sizeof buf, 0));
    SAY(bind(l, (struct sockaddr *)&a, 3));
    SAY(bind(l, ADDR(a)));
    SAY(bind(l, ADDR(a)));
    SOCKET m = socket(AF_INET, SOCK_STREAM, 0);
    SAY(bind(m, ADDR(a)));
    got = at("10.9.9.9", 7302);
    SAY(bind(m, ADDR(got)));
    SAY(getpeername(c, (struct sockaddr *)&got, &size));
    SAY(listen(l, 1));
    SOCKET r = socket(AF_INET, SOCK_STREAM, 0);
    SAY(connect(r, ADDR(none)));
    SAY(connect(c, ADDR(a)));
    SAY(connect(c, ADDR(a)));
    SAY(connect(l, ADDR(a)));
    SOCKET s = accept(l, NULL, NULL);
    SAY(ioctlsocket(l, FIONBIO, &on));
    SAY(accept(l, NULL, NULL) == INVALID_SOCKET ? -1 : 0);
    SAY(ioctlsocket(s, FIONBIO, &on));
    SAY(recv(s, buf, sizeof buf, 0));
    SAY(send(c, "hello", 5, 0));
    Sleep(50);
    SAY(recv(s, buf, 3, MSG_PEEK));
    SAY(recv(s, buf, sizeof buf, 0));
    SAY(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &len));
    printf("%d\n", value);
    SAY(setsockopt(s, SOL_SOCKET, 0x7777, (char *)&value, len));
    SAY(setsockopt(s, 77, 1, (char *)&value, len));
    SAY(shutdown(c, SD_SEND));
    SAY(send(c, "x", 1, 0));
    Sleep(50);
    SAY(recv(s, buf, sizeof buf, 0));
    SAY(shutdown(c, 9));
    SAY(closesocket(s));
    SAY(recv(c, buf, sizeof buf, 0));
    SAY(closesocket(c));
    SAY(closesocket(c));
    SOCKET u = socket(AF_INET, SOCK_DGRAM, 0), v = socket(AF_INET, SOCK_DGRAM, 0);
    SAY(bind(u, ADDR(a)));
    SAY(listen(u, 1));
    SAY(accept(u, NULL, NULL) == INVALID_SOCKET ? -1 : 0);
    SAY(sendto(v, "hello", 5, 0, ADDR(a)));
    SAY(recv(u, buf, 3, 0));
    SAY(ioctlsocket(u, FIONBIO, &on));
    SAY(recv(u, buf, sizeof buf, 0));
    struct timeval tv = { 0, 1000 };
    fd_set set;
    FD_ZERO(&set);
    SAY(select(0, NULL, NULL, NULL, &tv));
    FD_SET(u, &set);
    SAY(select(0, &set, NULL, NULL, &tv));
    printf("%g %e\n", 1234.5, 1234.5);
    SAY(WSACleanup());
    SAY(WSACleanup());
    return 7;
}
