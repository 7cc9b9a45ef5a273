//! What C programs learn of their host's interfaces: `getifaddrs(3)`, `if_nametoindex(3)` and
//! netdevice(7). The same program prints the same on Linux 6.18 in a network namespace with such an
//! `eth0`, but for the addresses and counts.

use soquete_sim as sim;

use sim::scenario::{Defaults, Scenario};
use sim::timeline::Timeline;
use sim::trace::What;

const PROGRAM: &str = r#"
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
    struct ifaddrs *list;
    if (getifaddrs(&list) < 0)
        return 1;
    for (struct ifaddrs *i = list; i; i = i->ifa_next) {
        int family = i->ifa_addr->sa_family;
        printf("%s %d %x", i->ifa_name, family, i->ifa_flags);
        char text[64];
        if (family == AF_INET) {
            printf(" %s", inet_ntoa(((struct sockaddr_in *)i->ifa_addr)->sin_addr));
            printf(" %s", inet_ntoa(((struct sockaddr_in *)i->ifa_netmask)->sin_addr));
            printf(" %s", inet_ntoa(((struct sockaddr_in *)i->ifa_broadaddr)->sin_addr));
        } else if (family == AF_INET6) {
            struct sockaddr_in6 *addr = (struct sockaddr_in6 *)i->ifa_addr;
            printf(" %s", inet_ntop(AF_INET6, &addr->sin6_addr, text, sizeof text));
        } else {
            struct sockaddr_ll *link = (struct sockaddr_ll *)i->ifa_addr;
            struct rtnl_link_stats *stats = i->ifa_data;
            printf(" %d %d %d %u", link->sll_ifindex, link->sll_hatype, link->sll_halen, stats->tx_bytes);
        }
        puts("");
    }
    freeifaddrs(list);

    struct if_nameindex *names = if_nameindex();
    for (int i = 0; names[i].if_index; i++)
        printf("%u=%s ", names[i].if_index, names[i].if_name);
    if_freenameindex(names);
    char name[IF_NAMESIZE];
    printf("%u %s", if_nametoindex("eth0"), if_indextoname(1, name));
    unsigned none = if_nametoindex("nope");
    printf(" %u %d", none, errno == ENODEV);
    char *unknown = if_indextoname(77, name);
    printf(" %d %d\n", unknown == NULL, errno == ENXIO);

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq all[8], ifr;
    struct ifconf conf = { .ifc_len = sizeof all, .ifc_req = all };
    ioctl(fd, SIOCGIFCONF, &conf);
    for (int i = 0; i < conf.ifc_len / (int)sizeof *all; i++) {
        strcpy(ifr.ifr_name, all[i].ifr_name);
        printf("%s %s", ifr.ifr_name, inet_ntoa(((struct sockaddr_in *)&all[i].ifr_addr)->sin_addr));
        ioctl(fd, SIOCGIFNETMASK, &ifr);
        printf(" %s", inet_ntoa(((struct sockaddr_in *)&ifr.ifr_netmask)->sin_addr));
        ioctl(fd, SIOCGIFBRDADDR, &ifr);
        printf(" %s", inet_ntoa(((struct sockaddr_in *)&ifr.ifr_broadaddr)->sin_addr));
        ioctl(fd, SIOCGIFFLAGS, &ifr);
        printf(" %x", ifr.ifr_flags);
        ioctl(fd, SIOCGIFHWADDR, &ifr);
        printf(" %d %02x:%02x", ifr.ifr_hwaddr.sa_family, ifr.ifr_hwaddr.sa_data[0], ifr.ifr_hwaddr.sa_data[5]);
        ioctl(fd, SIOCGIFMTU, &ifr);
        printf(" %d", ifr.ifr_mtu);
        ioctl(fd, SIOCGIFINDEX, &ifr);
        printf(" %d\n", ifr.ifr_ifindex);
    }
    conf.ifc_buf = NULL;
    ioctl(fd, SIOCGIFCONF, &conf);
    int unix_fd = socket(AF_UNIX, SOCK_DGRAM, 0), ends[2];
    pipe(ends);
    int of_unix = ioctl(unix_fd, SIOCGIFADDR, &ifr);
    printf("%d %d %d", conf.ifc_len, of_unix, errno == ENOTTY);
    int of_pipe = ioctl(ends[0], SIOCGIFINDEX, &ifr);
    printf(" %d %d", of_pipe, errno == ENOTTY);
    strcpy(ifr.ifr_name, "lo:1");
    int of_alias = ioctl(fd, SIOCGIFADDR, &ifr);
    printf(" %d %d\n", of_alias, errno == EADDRNOTAVAIL);

    struct winsize size;
    int terminal = ioctl(1, TIOCGWINSZ, &size);
    printf("%d %d %d\n", terminal, size.ws_row, size.ws_col);
    return 0;
}
"#;

const OUTPUT: &str = "\
lo 17 10049 1 772 6 0
eth0 17 11043 2 1 6 0
lo 2 10049 127.0.0.1 255.0.0.0 127.0.0.1
eth0 2 11043 10.0.0.1 255.255.0.0 10.0.255.255
lo 10 10049 ::1
1=lo 2=eth0 2 lo 0 1 1 1
lo 127.0.0.1 255.0.0.0 0.0.0.0 49 772 00:00 65536 1
eth0 10.0.0.1 255.255.0.0 10.0.255.255 1043 1 02:01 1500 2
80 -1 1 -1 1 -1 1
0 24 80
";

#[test]
fn a_program_lists_its_interfaces() {
    let files = [("list.c".to_owned(), PROGRAM.to_owned())].into();
    let programs = [("list.c".to_owned(), vec![])];
    let mut timeline = Timeline::new(Scenario::of_programs(&programs, files, &Defaults::default()));
    while !timeline.advance(1000).ended {}
    let written = timeline.records().filter_map(|record| match &record.what {
        What::Output { bytes, .. } => Some(String::from_utf8_lossy(&bytes.0).into_owned()),
        _ => None,
    });
    assert_eq!(written.collect::<String>(), OUTPUT);
}
