/* Datagrams: recvfrom's address, a connected socket, a timeout with SO_RCVTIMEO and with alarm.
 * compile only
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
static void sig_alrm(int signo) { (void)signo; return; }
static void dg_echo(int sockfd, struct sockaddr *pcliaddr, socklen_t clilen)
{
    int n;
    socklen_t len;
    char mesg[512];
    for (;;) {
        len = clilen;
        n = recvfrom(sockfd, mesg, sizeof mesg, 0, pcliaddr, &len);
        if (n < 0) { perror("recvfrom"); continue; }
        sendto(sockfd, mesg, n, 0, pcliaddr, len);
    }
}
int main(int argc, char **argv)
{
    struct sockaddr_in servaddr, cliaddr;
    int sockfd = socket(AF_INET, SOCK_DGRAM, 0), n;
    char recvline[513], sendline[] = "ola";
    struct timeval tv;
    struct linger lg = {1, 0};
    int on = 1, ttl = 64;
    bzero(&servaddr, sizeof(servaddr));
    servaddr.sin_family = AF_INET;
    servaddr.sin_addr.s_addr = argc > 1 ? inet_addr(argv[1]) : htonl(INADDR_ANY);
    servaddr.sin_port = htons(9877);
    if (argc == 1) {
        bind(sockfd, (struct sockaddr *)&servaddr, sizeof(servaddr));
        dg_echo(sockfd, (struct sockaddr *)&cliaddr, sizeof(cliaddr));
    }
    signal(SIGALRM, sig_alrm);
    siginterrupt(SIGALRM, 1);
    tv.tv_sec = 5;
    tv.tv_usec = 0;
    setsockopt(sockfd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
    setsockopt(sockfd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    setsockopt(sockfd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
    setsockopt(sockfd, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
    connect(sockfd, (struct sockaddr *)&servaddr, sizeof(servaddr));
    write(sockfd, sendline, strlen(sendline));
    alarm(5);
    if ((n = read(sockfd, recvline, 512)) < 0) {
        if (errno == EWOULDBLOCK || errno == EINTR)
            fprintf(stderr, "socket timeout\n");
        else
            perror("read");
    } else {
        alarm(0);
        recvline[n] = 0;
        fputs(recvline, stdout);
    }
    struct ip_mreq mreq;
    mreq.imr_multiaddr.s_addr = inet_addr("239.0.0.1");
    mreq.imr_interface.s_addr = htonl(INADDR_ANY);
    setsockopt(sockfd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof mreq);
    return 0;
}
