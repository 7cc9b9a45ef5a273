/* Windows threads, WSADATA's numbers, Sleep and ticks.
 * expect:
 * 2.2 1
 * 100 7
 * ok 8 4 0
 */
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
static LONG total;
static CRITICAL_SECTION cs;
static DWORD WINAPI run(LPVOID arg)
{
    for (int i = 0; i < 50; i++) {
        EnterCriticalSection(&cs);
        total++;
        LeaveCriticalSection(&cs);
    }
    Sleep(10);
    return *(DWORD *)arg;
}
int main(void)
{
    WSADATA d;
    WORD v = MAKEWORD(2, 2);
    if (WSAStartup(v, &d) != 0)
        return 1;
    printf("%d.%d %d\n", LOBYTE(d.wVersion), HIBYTE(d.wVersion), d.wVersion == v);
    DWORD arg = 7, id, code = 0;
    InitializeCriticalSection(&cs);
    HANDLE t[2];
    t[0] = CreateThread(NULL, 0, run, &arg, 0, &id);
    t[1] = CreateThread(NULL, 0, run, &arg, 0, NULL);
    WaitForMultipleObjects(2, t, TRUE, INFINITE);
    GetExitCodeThread(t[0], &code);
    printf("%ld %lu\n", total, code);
    CloseHandle(t[0]);
    CloseHandle(t[1]);
    printf("ok %d %d %d\n", (int)sizeof(SOCKET), (int)sizeof(long), WSACleanup());
    return 0;
}
