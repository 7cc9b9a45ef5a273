/* A chat server with poll and a growing array.
 * compile only
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#define PORT "9034"

const char *inet_ntop2(void *addr, char *buf, size_t size)
{
    struct sockaddr_storage *sas = addr;
    void *src;
    switch (sas->ss_family) {
    case AF_INET: src = &(((struct sockaddr_in *)addr)->sin_addr); break;
    case AF_INET6: src = &(((struct sockaddr_in6 *)addr)->sin6_addr); break;
    default: return NULL;
    }
    return inet_ntop(sas->ss_family, src, buf, size);
}

int get_listener_socket(void)
{
    int listener, yes = 1, rv;
    struct addrinfo hints, *ai, *p;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    if ((rv = getaddrinfo(NULL, PORT, &hints, &ai)) != 0) {
        fprintf(stderr, "pollserver: %s\n", gai_strerror(rv));
        exit(1);
    }
    for (p = ai; p != NULL; p = p->ai_next) {
        listener = socket(p->ai_family, p->ai_socktype, p->ai_protocol);
        if (listener < 0)
            continue;
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(int));
        if (bind(listener, p->ai_addr, p->ai_addrlen) < 0) {
            close(listener);
            continue;
        }
        break;
    }
    if (p == NULL)
        return -1;
    freeaddrinfo(ai);
    if (listen(listener, 10) == -1)
        return -1;
    return listener;
}

void add_to_pfds(struct pollfd **pfds, int newfd, int *fd_count, int *fd_size)
{
    if (*fd_count == *fd_size) {
        *fd_size *= 2;
        *pfds = realloc(*pfds, sizeof(**pfds) * (*fd_size));
    }
    (*pfds)[*fd_count].fd = newfd;
    (*pfds)[*fd_count].events = POLLIN;
    (*pfds)[*fd_count].revents = 0;
    (*fd_count)++;
}

void del_from_pfds(struct pollfd pfds[], int i, int *fd_count)
{
    pfds[i] = pfds[*fd_count - 1];
    (*fd_count)--;
}

int main(void)
{
    char buf[256], remoteIP[INET6_ADDRSTRLEN];
    int listener, newfd, fd_count = 0, fd_size = 5;
    struct sockaddr_storage remoteaddr;
    socklen_t addrlen;
    struct pollfd *pfds = malloc(sizeof *pfds * fd_size);
    listener = get_listener_socket();
    if (listener == -1) {
        fprintf(stderr, "error getting listening socket\n");
        exit(1);
    }
    pfds[0].fd = listener;
    pfds[0].events = POLLIN;
    fd_count = 1;
    for (;;) {
        int poll_count = poll(pfds, fd_count, -1);
        if (poll_count == -1) {
            perror("poll");
            exit(1);
        }
        for (int i = 0; i < fd_count; i++) {
            if (pfds[i].revents & (POLLIN | POLLHUP)) {
                if (pfds[i].fd == listener) {
                    addrlen = sizeof remoteaddr;
                    newfd = accept(listener, (struct sockaddr *)&remoteaddr, &addrlen);
                    if (newfd == -1) {
                        perror("accept");
                    } else {
                        add_to_pfds(&pfds, newfd, &fd_count, &fd_size);
                        printf("new connection from %s on socket %d\n", inet_ntop2(&remoteaddr, remoteIP, sizeof remoteIP), newfd);
                    }
                } else {
                    int nbytes = recv(pfds[i].fd, buf, sizeof buf, 0), sender_fd = pfds[i].fd;
                    if (nbytes <= 0) {
                        if (nbytes == 0)
                            printf("socket %d hung up\n", sender_fd);
                        else
                            perror("recv");
                        close(pfds[i].fd);
                        del_from_pfds(pfds, i, &fd_count);
                        i--;
                    } else {
                        for (int j = 0; j < fd_count; j++) {
                            int dest_fd = pfds[j].fd;
                            if (dest_fd != listener && dest_fd != sender_fd)
                                if (send(dest_fd, buf, nbytes, 0) == -1)
                                    perror("send");
                        }
                    }
                }
            }
        }
    }
}
