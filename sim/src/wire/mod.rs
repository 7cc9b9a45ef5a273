//! Frames: Ethernet, ARP, IPv4, IPv6, TCP, UDP, ICMP as bytes.
