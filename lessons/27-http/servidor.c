#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }
    for (;;) {
        int conn = accept(fd, NULL, NULL);
        if (conn < 0) { perror("accept"); return 1; }

        char req[1000];
        size_t got = 0;
        req[0] = '\0';
        while (strstr(req, "\r\n\r\n") == NULL && got < sizeof req - 1) {  /* 5 */
            ssize_t n = recv(conn, req + got, sizeof req - 1 - got, 0);
            if (n <= 0) break;
            got += n;
            req[got] = '\0';
        }

        char first[100];
        if (sscanf(req, "%99[^\r]", first) == 1) {
            printf("%s\n", first);
            fflush(stdout);
        }

        const char *status = "200 OK";
        const char *body = "<h1>Ola!</h1>\n";
        if (strstr(req, "\r\nHost:") == NULL) {                     /* 6 */
            status = "400 Bad Request";
            body = "Host?\n";
        }

        char reply[500];
        int size = snprintf(reply, sizeof reply,
                            "HTTP/1.1 %s\r\nContent-Type: text/html\r\n"
                            "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
                            status, (int)strlen(body), body);
        send(conn, reply, size, 0);
        close(conn);
    }
}
