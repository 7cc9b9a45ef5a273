/* Words for operators, raw texts, C's names in std, values in parentheses, braces left out.
 * expect:
 * and or not 1
 * GET / HTTP/1.1
 * Host: "x\y"
 * 80 65535
 * less
 * 0 0
 */
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <netinet/in.h>
#include <string>
using namespace std;

volatile std::sig_atomic_t stop = 0;

int main()
{
    bool a = true, b = false;
    if (a and not b or b)
        cout << "and or not " << (a not_eq b) << endl;
    const char *request = R"(GET / HTTP/1.1
Host: "x\y"
)";
    cout << request;
    std::uint16_t port = 80;
    std::uint16_t most = 65535;
    cout << port << " " << most << endl;
    if ((string("a") < string("b")) && (int(2.5) == 2))
        cout << "less" << endl;
    ip_mreq group = { 0 };
    sockaddr_in address = { 0 };
    cout << group.imr_interface.s_addr << " " << address.sin_port + stop << endl;
    return 0;
}
