/* The sizes and places that a debugger shows, as glibc has them.
 * expect:
 * 48 24 32 56
 * 20 20 8 8 104
 * 12 8 128 128
 * 40 48 32 152 128
 * 144 390 56 2
 * 80 45 02
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
int main(void) {
    printf("%zu %zu %zu %zu\n", sizeof(struct addrinfo), offsetof(struct addrinfo, ai_addr), sizeof(struct hostent), sizeof(struct msghdr));
    printf("%zu %zu %zu %zu %zu\n", sizeof(struct iphdr), sizeof(struct tcphdr), sizeof(struct udphdr), sizeof(struct icmphdr), sizeof(struct tcp_info));
    printf("%zu %zu %zu %zu\n", sizeof(struct epoll_event), sizeof(struct pollfd), sizeof(fd_set), sizeof(sigset_t));
    printf("%zu %zu %zu %zu %zu\n", sizeof(pthread_mutex_t), sizeof(pthread_cond_t), sizeof(sem_t), sizeof(struct sigaction), sizeof(siginfo_t));
    printf("%zu %zu %zu %zu\n", sizeof(struct stat), sizeof(struct utsname), sizeof(struct tm), offsetof(struct sockaddr_un, sun_path));
    struct sockaddr_in a = {.sin_port = htons(80)}; struct tcphdr t = {0}; t.syn = 1; t.doff = 5; struct iphdr i = {0}; i.version = 4; i.ihl = 5;
    printf("%d %02x %02x\n", ntohs(a.sin_port), ((unsigned char *)&i)[0], t.th_flags);
    return 0;
}
