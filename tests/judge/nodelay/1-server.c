/* Counts what arrives until the end.
   Racy: writes in a row may arrive together. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int serve(int port, int backlog)
{
    struct sockaddr_in a;
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, backlog) < 0) {
        perror("serve");
        exit(1);
    }
    return s;
}

int main(void)
{
    int l = serve(7009, 1), c = accept(l, NULL, NULL), n, total = 0;
    char buf[4096];
    while ((n = recv(c, buf, sizeof buf, 0)) > 0)
        total += n;
    printf("%d\n", total);
    return 0;
}
