#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    static const unsigned char known[] = "\3www\3lab\7example";     /* 7 */
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(53);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }

    for (;;) {
        unsigned char msg[512];
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        ssize_t n = recvfrom(fd, msg, 400, 0, (struct sockaddr *)&peer, &len);
        if (n < 12 + 1 + 4) continue;

        msg[2] |= 0x80;
        msg[3] = 0;
        if (n >= 12 + (ssize_t)sizeof known + 4 && memcmp(msg + 12, known, sizeof known) == 0) {
            static const unsigned char answer[] = {
                0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 80
            };
            memcpy(msg + n, answer, sizeof answer);                 /* 8 */
            n += sizeof answer;
            msg[7] = 1;
        } else {
            msg[3] = 3;                                             /* 9 */
        }
        sendto(fd, msg, n, 0, (struct sockaddr *)&peer, len);
    }
}
