//! Which groups a host hears, and what it tells the routers of it: IGMPv3 (RFC 3376) for IPv4, MLDv2
//! (RFC 3810) for IPv6.
//!
//! A change is reported after two ticks and once more within a second (`qrv` = 2, Linux
//! `igmp_ifc_event`, `mld_ifc_event`); changes of one moment share a message. Groups of one host
//! ("loopback"), 224.0.0.1 and ff02::1 are not reported. Group traffic reaches every host of a link,
//! as on a switch without snooping, and hosts filter it.
//!
//! Missing: queries (nobody asks here) and source filters.

use crate::net::{Cause, Frame, IfaceId, Out, SocketId, Stack, Transmit};
use crate::tcp::MS;
use crate::wire::{Mac, checksum::Sum, ethernet, ip::protocol};
use abi::Errno;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How often a change is reported: the robustness variable.
const TIMES: u8 = 2;
/// From a change to its first report, nanoseconds: two ticks.
const SOON_NS: u64 = 8 * MS;
/// A tick, nanoseconds.
const TICK_NS: u64 = 4 * MS;
/// Ticks of a second, within which the report is repeated.
const SECOND_TICKS: u64 = 250;
/// `224.0.0.22`: all IGMPv3 routers.
const IGMP_ROUTERS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 22);
/// `ff02::16`: all MLDv2 routers.
const MLD_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);

/// What has changed about a group (RFC 3376 §4.2.12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Change {
    /// `CHANGE_TO_INCLUDE_MODE` of no source: left.
    Left = 3,
    /// `CHANGE_TO_EXCLUDE_MODE` of no source: joined.
    Joined = 4,
}

/// An interface and whether it is about IPv6.
type Port = (IfaceId, bool);

/// The groups of a host.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Memberships {
    /// How many sockets are in each.
    members: BTreeMap<(IfaceId, IpAddr), u32>,
    /// What is still to be reported.
    pending: BTreeMap<Port, Pending>,
}

/// Reports to come.
#[derive(Clone, PartialEq, Debug, Default)]
struct Pending {
    at_ns: u64,
    /// What of each group, and how often still.
    changes: BTreeMap<IpAddr, (Change, u8)>,
}

impl Memberships {
    /// Whether any socket of the host is in the group, on whatever interface.
    fn anywhere(&self, group: IpAddr) -> bool {
        self.members.keys().any(|(_, joined)| *joined == group)
    }

    /// When the next report is due, nanoseconds.
    pub(crate) fn poll_at(&self) -> Option<u64> {
        self.pending.values().map(|pending| pending.at_ns).min()
    }

    fn changed(&mut self, iface: IfaceId, group: IpAddr, change: Change, now_ns: u64) {
        if iface == IfaceId::LO || !is_reported(group) {
            return;
        }
        let pending = self.pending.entry((iface, group.is_ipv6())).or_default();
        pending.at_ns = now_ns + SOON_NS;
        pending.changes.insert(group, (change, TIMES));
    }
}

impl Stack {
    /// `IP_ADD_MEMBERSHIP`, `IPV6_JOIN_GROUP` and their opposites.
    pub(crate) fn membership(
        &mut self,
        id: SocketId,
        (iface, group): (IfaceId, IpAddr),
        join: bool,
        now_ns: u64,
    ) -> Result<(), Errno> {
        let groups = &mut self.socket_mut(id)?.options.groups;
        match join {
            true if !groups.insert((iface, group)) => return Err(Errno::EADDRINUSE),
            false if !groups.remove(&(iface, group)) => return Err(Errno::EADDRNOTAVAIL),
            true => self.joined(iface, group, now_ns),
            false => self.left(iface, group, now_ns),
        }
        Ok(())
    }

    /// A socket is closed: it leaves its groups.
    pub(crate) fn leave_all(&mut self, id: SocketId, now_ns: u64) {
        let Ok(socket) = self.socket_mut(id) else { return };
        for (iface, group) in std::mem::take(&mut socket.options.groups) {
            self.left(iface, group, now_ns);
        }
    }

    fn joined(&mut self, iface: IfaceId, group: IpAddr, now_ns: u64) {
        let members = self.memberships.members.entry((iface, group)).or_default();
        *members += 1;
        if *members == 1 {
            self.memberships.changed(iface, group, Change::Joined, now_ns);
        }
    }

    fn left(&mut self, iface: IfaceId, group: IpAddr, now_ns: u64) {
        let key = (iface, group);
        let Some(members) = self.memberships.members.get_mut(&key) else { return };
        *members -= 1;
        if *members == 0 {
            self.memberships.members.remove(&key);
            self.memberships.changed(iface, group, Change::Left, now_ns);
        }
    }

    /// Whether a socket hears a group's packets that came through an interface.
    pub(crate) fn is_member(&self, iface: IfaceId, group: IpAddr, id: SocketId) -> bool {
        self.sockets.get(id).is_some_and(|socket| {
            let options = &socket.options;
            let mine = |(on, joined): &(IfaceId, IpAddr)| {
                *joined == group && (*on == iface || iface == IfaceId::LO)
            };
            // IP_MULTICAST_ALL: a wildcard socket also hears what others on the host joined.
            let all = options.multicast_all && group.is_ipv4();
            options.groups.iter().any(mine) || (all && self.memberships.anywhere(group))
        })
    }

    /// Sends the reports that are due.
    pub(crate) fn membership_timers_due(&mut self, now_ns: u64, out: &mut Out) {
        let due = |(port, pending): (&Port, &Pending)| (pending.at_ns <= now_ns).then_some(*port);
        let due: Vec<Port> = self.memberships.pending.iter().filter_map(due).collect();
        for port in due {
            let Some(mut pending) = self.memberships.pending.remove(&port) else { continue };
            let mut changes: Vec<(Change, IpAddr)> =
                pending.changes.iter().map(|(group, (change, _))| (*change, *group)).collect();
            // Groups that were left come first.
            changes.sort();
            self.report(port, &changes, out);
            pending.changes.retain(|_, (_, left)| {
                *left -= 1;
                *left > 0
            });
            if !pending.changes.is_empty() {
                pending.at_ns = now_ns + SOON_NS + self.rng.below(SECOND_TICKS) * TICK_NS;
                self.memberships.pending.insert(port, pending);
            }
        }
    }

    fn report(&self, (id, v6): Port, changes: &[(Change, IpAddr)], out: &mut Out) {
        let Some(iface) = self.interface(id) else { return };
        let to = if v6 { IpAddr::V6(MLD_ROUTERS) } else { IpAddr::V4(IGMP_ROUTERS) };
        let ethertype = if v6 { ethernet::IPV6 } else { ethernet::IPV4 };
        let link = ethernet::Repr { dst: Mac::multicast(to), src: iface.mac, ethertype };
        let mut bytes = Vec::new();
        link.emit(&mut bytes);
        let packet = if v6 {
            let own = iface.addrs.iter().find_map(|(ip, _)| match ip {
                IpAddr::V6(ip) if ip.is_unicast_link_local() => Some(*ip),
                _ => None,
            });
            mld_packet(own.unwrap_or(Ipv6Addr::UNSPECIFIED), changes)
        } else {
            let own = iface.addrs.iter().find_map(|(ip, _)| match ip {
                IpAddr::V4(ip) => Some(*ip),
                IpAddr::V6(_) => None,
            });
            igmp_packet(own.unwrap_or(Ipv4Addr::UNSPECIFIED), changes)
        };
        bytes.extend(packet);
        let (frame, cause) = (Frame::new(bytes), Cause::Membership);
        out.frames.push(Transmit { iface: id, frame, socket: None, cause });
    }
}

/// Whether routers want to know (RFC 3376 §6, RFC 3810 §6).
fn is_reported(group: IpAddr) -> bool {
    match group {
        IpAddr::V4(group) => group != Ipv4Addr::new(224, 0, 0, 1),
        IpAddr::V6(group) => {
            let scope = group.octets()[1] & 0xf;
            scope >= 2 && group != Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1)
        }
    }
}

/// The records of a report (RFC 3376 §4.2, RFC 3810 §5.2), after type, code and checksum.
fn records(changes: &[(Change, IpAddr)]) -> Vec<u8> {
    let mut bytes = vec![0, 0];
    bytes.extend((changes.len() as u16).to_be_bytes());
    for (change, group) in changes {
        bytes.extend([*change as u8, 0, 0, 0]);
        match group {
            IpAddr::V4(group) => bytes.extend(group.octets()),
            IpAddr::V6(group) => bytes.extend(group.octets()),
        }
    }
    bytes
}

/// An IGMPv3 report with its IP header: TTL 1, precedence "internetwork control", Router Alert
/// (RFC 3376 §4).
fn igmp_packet(src: Ipv4Addr, changes: &[(Change, IpAddr)]) -> Vec<u8> {
    /// The header's length with the option, bytes.
    const HEADER: usize = 24;
    let mut message = vec![0x22, 0, 0, 0];
    message.extend(records(changes));
    let sum = Sum::default().bytes(&message).finish();
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    let mut packet = vec![0x46, 0xc0];
    packet.extend(((HEADER + message.len()) as u16).to_be_bytes());
    // No identification, "don't fragment", and a checksum to come.
    packet.extend([0, 0, 0x40, 0, 1, protocol::IGMP, 0, 0]);
    packet.extend(src.octets());
    packet.extend(IGMP_ROUTERS.octets());
    packet.extend([0x94, 4, 0, 0]);
    let sum = Sum::default().bytes(&packet).finish();
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    packet.extend(message);
    packet
}

/// An MLDv2 report with its IPv6 header: hop limit 1, Router Alert in hop-by-hop options (RFC 3810
/// §5).
fn mld_packet(src: Ipv6Addr, changes: &[(Change, IpAddr)]) -> Vec<u8> {
    /// Next header ICMPv6, Router Alert for MLD, padding.
    const HOP_BY_HOP: [u8; 8] = [protocol::ICMPV6, 0, 5, 2, 0, 0, 1, 0];
    let mut message = vec![143, 0, 0, 0];
    message.extend(records(changes));
    let sum =
        Sum::default().pseudo(src.into(), MLD_ROUTERS.into(), protocol::ICMPV6, message.len());
    let sum = sum.bytes(&message).finish();
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend(((HOP_BY_HOP.len() + message.len()) as u16).to_be_bytes());
    packet.extend([protocol::HOP_BY_HOP, 1]);
    packet.extend(src.octets());
    packet.extend(MLD_ROUTERS.octets());
    packet.extend(HOP_BY_HOP);
    packet.extend(message);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn reports_are_as_linux_writes_them() {
        let [a, b] = [3, 4].map(|last| IpAddr::from([239, 1, 2, last]));
        let own = Ipv4Addr::new(10, 0, 0, 1);
        assert_eq!(
            hex(&igmp_packet(own, &[(Change::Joined, a)])),
            "46c00028000040000102f9f80a000001e0000016940400002200e8f90000000104000000ef010203"
        );
        assert_eq!(
            hex(&igmp_packet(own, &[(Change::Left, a), (Change::Left, b)])),
            "46c00030000040000102f9f00a000001e0000016940400002200f5f2\
             0000000203000000ef01020303000000ef010204"
        );
        let group = IpAddr::V6(Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 0x1234));
        assert_eq!(
            hex(&mld_packet(Ipv6Addr::UNSPECIFIED, &[(Change::Joined, group)])),
            "6000000000240001000000000000000000000000000000\
             00ff0200000000000000000000000000163a00050200000100\
             8f005c550000000104000000ff050000000000000000000000001234"
        );
    }
}
