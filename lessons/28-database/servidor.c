#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int conn;

static int number(char kind)                                        /* 5 */
{
    char text[20];
    int i = 0;
    while (i < 19 && recv(conn, &text[i], 1, 0) == 1 && text[i] != '\n') i++;
    text[i] = '\0';
    if (i == 0) return -2;
    return text[0] == kind ? atoi(text + 1) : -1;
}

static int word(char *out, int room)
{
    int size = number('$');
    if (size < 0 || size >= room) return -1;
    if (recv(conn, out, size, MSG_WAITALL) != size) return -1;
    out[size] = '\0';
    char end[2];
    if (recv(conn, end, 2, MSG_WAITALL) != 2) return -1;
    return memcmp(end, "\r\n", 2) == 0 ? 0 : -1;                    /* 6 */
}

static void say(const char *text)
{
    send(conn, text, strlen(text), 0);
}

int main(void)
{
    char key[50] = "", value[50] = "";

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) { perror("socket"); return 1; }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(6379);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    if (listen(fd, 5) < 0) { perror("listen"); return 1; }
    conn = accept(fd, NULL, NULL);
    if (conn < 0) { perror("accept"); return 1; }

    for (;;) {
        char w[3][50];
        int count = number('*');
        int bad = count < 1 || count > 3;
        for (int i = 0; i < count && !bad; i++) bad = word(w[i], sizeof w[i]) < 0;
        if (count == -2) break;
        if (bad) {
            say("-ERR Protocol error\r\n");
            break;
        }
        printf("%s\n", w[0]);
        fflush(stdout);

        char reply[100];
        if (strcmp(w[0], "SET") == 0 && count == 3) {
            strcpy(key, w[1]);
            strcpy(value, w[2]);
            say("+OK\r\n");
        } else if (strcmp(w[0], "GET") == 0 && count == 2) {
            if (strcmp(w[1], key) == 0)
                snprintf(reply, sizeof reply, "$%d\r\n%s\r\n", (int)strlen(value), value);
            else
                strcpy(reply, "$-1\r\n");
            say(reply);
        } else {
            say("-ERR unknown command\r\n");
        }
    }
    close(conn);
    close(fd);
    return 0;
}
