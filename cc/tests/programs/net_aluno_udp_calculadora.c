/* Calculadora remota por UDP com struct, enum e switch.
 * compile only
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netdb.h>
#include <arpa/inet.h>
#include <unistd.h>
#include <errno.h>

enum operacao { SOMA = 1, SUBTRACAO, MULTIPLICACAO, DIVISAO };

struct pedido {
    int op;
    float a;
    float b;
} __attribute__((packed));

struct resposta { int erro; float resultado; };

void die(char *s)
{
    perror(s);
    exit(1);
}

int main(int argc, char *argv[])
{
    struct sockaddr_in si_me, si_other;
    struct hostent *he;
    int s, slen = sizeof(si_other), recv_len;
    struct pedido p;
    struct resposta r = { 0 };

    if ((s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)) == -1)
        die("socket");
    if (argc > 1) {
        if ((he = gethostbyname(argv[1])) == NULL) {
            herror("gethostbyname");
            exit(EXIT_FAILURE);
        }
        memset((char *)&si_other, 0, sizeof(si_other));
        si_other.sin_family = AF_INET;
        si_other.sin_port = htons(atoi(argv[2]));
        si_other.sin_addr = *((struct in_addr *)he->h_addr);
        memcpy(&si_other.sin_addr, he->h_addr_list[0], he->h_length);
        p.op = SOMA; p.a = 1.5f; p.b = 2;
        if (sendto(s, &p, sizeof(p), 0, (struct sockaddr *)&si_other, slen) == -1)
            die("sendto()");
        if (recvfrom(s, &r, sizeof(r), 0, (struct sockaddr *)&si_other, (socklen_t *)&slen) == -1)
            die("recvfrom()");
        printf("Resultado: %.2f\n", r.resultado);
        close(s);
        return 0;
    }
    memset((char *)&si_me, 0, sizeof(si_me));
    si_me.sin_family = AF_INET;
    si_me.sin_port = htons(8888);
    si_me.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (struct sockaddr *)&si_me, sizeof(si_me)) == -1)
        die("bind");
    while (1) {
        printf("Esperando dados...");
        fflush(stdout);
        if ((recv_len = recvfrom(s, &p, sizeof p, 0, (struct sockaddr *)&si_other, (socklen_t *)&slen)) == -1)
            die("recvfrom()");
        printf("Pacote de %s:%d\n", inet_ntoa(si_other.sin_addr), ntohs(si_other.sin_port));
        switch (p.op) {
        case SOMA: r.resultado = p.a + p.b; break;
        case SUBTRACAO: r.resultado = p.a - p.b; break;
        case MULTIPLICACAO: r.resultado = p.a * p.b; break;
        case DIVISAO:
            if (p.b == 0) r.erro = EDOM;
            else r.resultado = p.a / p.b;
            break;
        default: r.erro = EINVAL;
        }
        if (sendto(s, &r, sizeof(r), 0, (struct sockaddr *)&si_other, slen) == -1)
            die("sendto()");
    }
    close(s);
    return 0;
}
