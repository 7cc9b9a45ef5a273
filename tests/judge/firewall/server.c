/* Listens on all four ports; a client reaches the first one only. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    int l[4], i, c;
    for (i = 0; i < 4; i++) {
        struct sockaddr_in a;
        memset(&a, 0, sizeof a);
        a.sin_family = AF_INET;
        a.sin_port = htons(7000 + i);
        l[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(l[i], (struct sockaddr *)&a, sizeof a) < 0 || listen(l[i], 1) < 0)
            perror("server");
    }
    c = accept(l[0], NULL, NULL);
    printf("accepted %d\n", c >= 0);
    write(c, "hello", 5);
    close(c);
    sleep(8); /* the client has more to try */
    return 0;
}
