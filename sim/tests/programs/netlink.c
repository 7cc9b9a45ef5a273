// What ip(8) asks: interfaces, addresses, routes; and what is refused.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd;

static void address(const char *name, struct rtattr *attribute) {
    char text[64];
    int family = RTA_PAYLOAD(attribute) == 4 ? AF_INET : AF_INET6;
    printf(" %s %s", name, inet_ntop(family, RTA_DATA(attribute), text, sizeof text));
}

static void show(struct nlmsghdr *message) {
    int len = message->nlmsg_len - NLMSG_HDRLEN;
    struct rtattr *attribute = 0;
    if (message->nlmsg_type == NLMSG_ERROR) {
        struct nlmsgerr *error = NLMSG_DATA(message);
        printf("error %d about type %d, %u bytes, flags %x\n", error->error, error->msg.nlmsg_type,
               message->nlmsg_len, message->nlmsg_flags);
        return;
    }
    if (message->nlmsg_type == NLMSG_DONE) {
        printf("done\n");
        return;
    }
    if (message->nlmsg_type == RTM_NEWLINK) {
        struct ifinfomsg *link = NLMSG_DATA(message);
        printf("link %d type %d up %d", link->ifi_index, link->ifi_type, !!(link->ifi_flags & IFF_UP));
        attribute = IFLA_RTA(link), len = IFLA_PAYLOAD(message);
        for (; RTA_OK(attribute, len); attribute = RTA_NEXT(attribute, len))
            if (attribute->rta_type == IFLA_IFNAME)
                printf(" %s", (char *)RTA_DATA(attribute));
            else if (attribute->rta_type == IFLA_MTU)
                printf(" mtu %u", *(unsigned *)RTA_DATA(attribute));
    } else if (message->nlmsg_type == RTM_NEWADDR) {
        struct ifaddrmsg *one = NLMSG_DATA(message);
        printf("address on %u /%d scope %d flags %x", one->ifa_index, one->ifa_prefixlen, one->ifa_scope,
               one->ifa_flags);
        attribute = IFA_RTA(one), len = IFA_PAYLOAD(message);
        for (; RTA_OK(attribute, len); attribute = RTA_NEXT(attribute, len))
            if (attribute->rta_type == IFA_LOCAL)
                address("local", attribute);
            else if (attribute->rta_type == IFA_BROADCAST)
                address("broadcast", attribute);
            else if (attribute->rta_type == IFA_LABEL)
                printf(" %s", (char *)RTA_DATA(attribute));
    } else if (message->nlmsg_type == RTM_NEWROUTE) {
        struct rtmsg *route = NLMSG_DATA(message);
        printf("route /%d table %d protocol %d scope %d type %d", route->rtm_dst_len, route->rtm_table,
               route->rtm_protocol, route->rtm_scope, route->rtm_type);
        attribute = RTM_RTA(route), len = RTM_PAYLOAD(message);
        for (; RTA_OK(attribute, len); attribute = RTA_NEXT(attribute, len))
            if (attribute->rta_type == RTA_DST)
                address("to", attribute);
            else if (attribute->rta_type == RTA_GATEWAY)
                address("via", attribute);
            else if (attribute->rta_type == RTA_PREFSRC)
                address("from", attribute);
            else if (attribute->rta_type == RTA_OIF)
                printf(" dev %d", *(int *)RTA_DATA(attribute));
    }
    printf("\n");
}

static void ask(int type, int flags, int family, int body) {
    struct {
        struct nlmsghdr header;
        unsigned char rest[32];
    } request = {.header = {NLMSG_LENGTH(body), type, flags, 7, 0}, .rest = {family}};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    printf("-- %d %x\n", type, flags);
    if (sendto(fd, &request, request.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
        perror("sendto");
    char room[32768];
    ssize_t n;
    while ((n = recv(fd, room, sizeof room, MSG_DONTWAIT)) > 0)
        for (struct nlmsghdr *m = (struct nlmsghdr *)room; NLMSG_OK(m, n); m = NLMSG_NEXT(m, n))
            show(m);
}

int main(void) {
    fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    ask(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, AF_UNSPEC, sizeof(struct ifinfomsg));
    ask(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, AF_INET, sizeof(struct ifaddrmsg));
    ask(RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, AF_INET, sizeof(struct rtmsg));
    ask(RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, AF_INET, sizeof(struct ndmsg));
    ask(RTM_GETLINK, NLM_F_REQUEST, AF_UNSPEC, sizeof(struct ifinfomsg));
    ask(RTM_GETADDR, 0, AF_INET, sizeof(struct ifaddrmsg));
    ask(1000, NLM_F_REQUEST, AF_UNSPEC, 4);
    ask(NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, AF_UNSPEC, 4);
    return 0;
}
