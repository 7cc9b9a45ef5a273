#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#define DEPOSIT 1

struct request { uint32_t id; uint32_t proc; uint32_t amount; };
struct reply { uint32_t id; uint32_t balance; };

static int fd;
static uint32_t next_id = 1;

static int deposit(uint32_t amount, uint32_t *balance)              /* 1 */
{
    struct request req;
    struct reply rep;
    req.id = htonl(next_id++);                                      /* 2 */
    req.proc = htonl(DEPOSIT);
    req.amount = htonl(amount);

    for (int attempt = 1; attempt <= 3; attempt++) {                /* 3 */
        printf("call %u, attempt %d\n", (unsigned)ntohl(req.id), attempt);
        fflush(stdout);
        if (send(fd, &req, sizeof req, 0) < 0) perror("send");
        ssize_t n = recv(fd, &rep, sizeof rep, 0);
        if (n == sizeof rep && rep.id == req.id) {
            *balance = ntohl(rep.balance);
            return 0;
        }
        if (n < 0) perror("recv");
    }
    return -1;
}

int main(int argc, char *argv[])
{
    const char *ip = argc > 1 ? argv[1] : "127.0.0.1";

    fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }
    struct timeval second = { 1, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(7100);
    if (inet_pton(AF_INET, ip, &addr.sin_addr) != 1) return 1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("connect");
        return 1;
    }

    uint32_t balance = 0;
    if (deposit(10, &balance) < 0) { printf("no answer\n"); return 1; }
    printf("balance = %u\n", (unsigned)balance);
    if (deposit(5, &balance) < 0) { printf("no answer\n"); return 1; }
    printf("balance = %u\n", (unsigned)balance);
    close(fd);
    return 0;
}
