#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define DEPOSIT 1

struct request { uint32_t id; uint32_t proc; uint32_t amount; };
struct reply { uint32_t id; uint32_t balance; };

static uint32_t balance = 0;

static uint32_t deposit(uint32_t amount)                            /* 5 */
{
    balance += amount;
    printf("deposit(%u): balance = %u\n", (unsigned)amount, (unsigned)balance);
    fflush(stdout);
    return balance;
}

int main(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7100);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        return 1;
    }

    struct reply rep;
    memset(&rep, 0, sizeof rep);

    for (;;) {                                                      /* 4 */
        struct request req;
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        ssize_t n = recvfrom(fd, &req, sizeof req, 0, (struct sockaddr *)&peer, &len);
        if (n != sizeof req || ntohl(req.proc) != DEPOSIT) continue;

        if (req.id != rep.id) {
            rep.balance = htonl(deposit(ntohl(req.amount)));        /* 6 */
            rep.id = req.id;
        }
        sendto(fd, &rep, sizeof rep, 0, (struct sockaddr *)&peer, len);
    }
}
