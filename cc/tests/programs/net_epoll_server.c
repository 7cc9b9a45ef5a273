/* An edge-triggered epoll server as the manual page sketches it.
 * compile only
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#define MAX_EVENTS 10
struct client { int fd; size_t used; char buf[1024]; };
static int setnonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL, 0);
    if (flags == -1)
        return -1;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}
int main(void)
{
    struct epoll_event ev, events[MAX_EVENTS];
    int listen_sock, conn_sock, nfds, epollfd, n, one = 1;
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(8080), .sin_addr = { .s_addr = INADDR_ANY } };
    socklen_t addrlen = sizeof(addr);
    listen_sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listen_sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    setsockopt(listen_sock, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (bind(listen_sock, (struct sockaddr *)&addr, sizeof addr) || listen(listen_sock, SOMAXCONN))
        { perror("bind/listen"); exit(EXIT_FAILURE); }
    setnonblocking(listen_sock);
    epollfd = epoll_create1(0);
    if (epollfd == -1) { perror("epoll_create1"); exit(EXIT_FAILURE); }
    ev.events = EPOLLIN;
    ev.data.fd = listen_sock;
    if (epoll_ctl(epollfd, EPOLL_CTL_ADD, listen_sock, &ev) == -1) { perror("epoll_ctl: listen_sock"); exit(EXIT_FAILURE); }
    for (;;) {
        nfds = epoll_wait(epollfd, events, MAX_EVENTS, -1);
        if (nfds == -1) { perror("epoll_wait"); exit(EXIT_FAILURE); }
        for (n = 0; n < nfds; ++n) {
            if (events[n].data.fd == listen_sock) {
                conn_sock = accept(listen_sock, (struct sockaddr *)&addr, &addrlen);
                if (conn_sock == -1) { perror("accept"); exit(EXIT_FAILURE); }
                setnonblocking(conn_sock);
                ev.events = EPOLLIN | EPOLLET | EPOLLRDHUP;
                struct client *c = calloc(1, sizeof *c);
                c->fd = conn_sock;
                ev.data.ptr = c;
                epoll_ctl(epollfd, EPOLL_CTL_ADD, conn_sock, &ev);
            } else {
                struct client *c = events[n].data.ptr;
                ssize_t r;
                while ((r = read(c->fd, c->buf, sizeof c->buf)) > 0)
                    write(c->fd, c->buf, (size_t)r);
                if (r == 0 || (r < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
                    epoll_ctl(epollfd, EPOLL_CTL_DEL, c->fd, NULL);
                    close(c->fd);
                    free(c);
                }
            }
        }
    }
}
