/* A tap device as a pair of pipes: frames come and go on standard input and output, each after its
   length (two bytes, big-endian). The device is called as the argument says, and ends with us. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int read_all(int fd, unsigned char *to, int length)
{
    while (length > 0) {
        int n = read(fd, to, length);
        if (n <= 0)
            return 0;
        to += n;
        length -= n;
    }
    return 1;
}

int main(int argc, char **argv)
{
    unsigned char frame[2 + 65536];
    struct ifreq request;
    int tap = open("/dev/net/tun", O_RDWR);
    if (argc != 2 || tap < 0)
        return 1;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
    if (ioctl(tap, TUNSETIFF, &request) < 0)
        return 2;
    for (;;) {
        struct pollfd ready[2] = {{tap, POLLIN, 0}, {0, POLLIN, 0}};
        if (poll(ready, 2, -1) < 0)
            return 3;
        if (ready[0].revents & POLLIN) {
            int n = read(tap, frame + 2, sizeof frame - 2);
            if (n > 0) {
                frame[0] = n >> 8;
                frame[1] = n;
                if (write(1, frame, n + 2) != n + 2)
                    return 0;
            }
        }
        if (ready[1].revents) {
            int n;
            if (!read_all(0, frame, 2))
                return 0;
            n = frame[0] << 8 | frame[1];
            if (!read_all(0, frame + 2, n))
                return 0;
            if (write(tap, frame + 2, n) != n)
                continue; /* the device is down: a frame is lost */
        }
    }
}
