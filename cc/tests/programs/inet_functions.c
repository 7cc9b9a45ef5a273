/* Addresses as text; inet_ntoa's one buffer; byte order.
 * expect:
 * 192.168.1.10 192.168.1.10
 * 192.168.1.10 127.0.0.1
 * 3412 78563412 1234 1000000
 * 1 0 0
 * ffffffff
 * 1
 * 2001:db8::1
 * -1
 * 02 00 1f 90 0a 00 00 02 00 00 00 00 00 00 00 00 
 * 16 16 28 110 128
 * Name or service not known
 * Servname not supported for ai_socktype
 * Unknown error
 * 0 1
 * ENOSPC
 * 6
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(void) {
    struct in_addr a, b; char s[INET6_ADDRSTRLEN]; struct in6_addr six; struct sockaddr_in sa;
    a.s_addr = inet_addr("192.168.1.10"); b.s_addr = htonl(0x7f000001);
    printf("%s %s\n", inet_ntoa(a), inet_ntoa(b));
    char *p = inet_ntoa(a); printf("%s ", p); inet_ntoa(b); printf("%s\n", p);
    printf("%x %x %x %x\n", htons(0x1234), htonl(0x12345678), ntohs(0x3412), ntohl(1));
    printf("%d %d %d\n", inet_aton("127.1", &a), inet_aton("1.2.3.4.5", &a), inet_pton(AF_INET, "10.0.0.256", &a));
    printf("%x\n", inet_addr("999.1.1.1"));
    printf("%d\n", inet_pton(AF_INET6, "2001:db8::1", &six)); puts(inet_ntop(AF_INET6, &six, s, sizeof s));
    printf("%d\n", inet_pton(99, "x", &a));
    memset(&sa, 0, sizeof sa); sa.sin_family = AF_INET; sa.sin_port = htons(8080); inet_pton(AF_INET, "10.0.0.2", &sa.sin_addr);
    unsigned char *bytes = (unsigned char *)&sa; for (size_t i = 0; i < sizeof sa; i++) printf("%02x ", bytes[i]);
    puts("");
    printf("%zu %zu %zu %zu %zu\n", sizeof(struct sockaddr), sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6), sizeof(struct sockaddr_un), sizeof(struct sockaddr_storage));
    printf("%s\n%s\n%s\n", gai_strerror(EAI_NONAME), gai_strerror(EAI_SERVICE), gai_strerror(0));
    printf("%d %d\n", INADDR_ANY, INADDR_NONE == 0xffffffff);
    printf("%s\n", inet_ntop(AF_INET, &b, s, 5) ? s : "ENOSPC");
    struct protoent *pr = getprotobyname("tcp"); printf("%d\n", pr ? pr->p_proto : 6);
    return 0;
}
