//! Packet sockets (`packet(7)`): whole frames, seen beside the protocols and written past them.
//!
//! A socket sees what reaches an interface and, if it asked for every protocol, what leaves it.
//! Interfaces pass on frames for other hosts too (`PACKET_OTHERHOST`), as a veth does: with or
//! without `PACKET_MR_PROMISC`.
//!
//! Missing: rings (`PACKET_RX_RING`), fanout, filters (`SO_ATTACH_FILTER`), `PACKET_AUXDATA`'s
//! control message; the options that ask for them are refused or only kept.

use crate::net::datagrams::Queued;
use crate::net::socket::{Arrival, Over, Socket};
use crate::net::{
    Cause, Frame, IfaceId, Interface, Out, Proto, SendRequest, SocketId, SocketKind, Stack,
    Transmit,
};
use crate::wire::{Mac, ethernet};
use abi::consts::*;
use abi::{Bytes, Errno, SockAddr};
use std::net::{Ipv4Addr, SocketAddr};

/// `sizeof(struct sockaddr_ll)`.
const SOCKADDR_LL: usize = 20;
/// `sizeof(struct packet_mreq)`.
const MREQ: usize = 16;

/// How a packet socket shows frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `SOCK_RAW`: with the Ethernet header.
    Whole,
    /// `SOCK_DGRAM`: without it; the kernel writes it.
    Cooked,
    /// `SOCK_PACKET`, before Linux 2.2: whole, and addresses are names of interfaces.
    Old,
}

/// What a packet socket listens to.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tap {
    pub(crate) form: Form,
    /// `ETH_P_…` in host order; 0: nothing.
    ethertype: u16,
    /// `bind(2)`'s; `None`: every interface.
    iface: Option<IfaceId>,
    /// `PACKET_STATISTICS` since it was last asked: frames seen, and those that found no room.
    seen: u32,
    lost: u32,
}

/// Which way a frame goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    In,
    /// By whom it was sent, if that was a socket.
    Out(Option<SocketId>),
}

impl Stack {
    /// `socket(AF_PACKET, …)`; `ethertype` in host order.
    pub fn packet_socket(&mut self, form: Form, ethertype: u16) -> SocketId {
        let id = self.socket(SocketKind { v6: false, proto: Proto::Packet });
        let tap = Tap { form, ethertype, iface: None, seen: 0, lost: 0 };
        if let Some(datagram) = self.sockets.get_mut(id).and_then(Socket::datagram_mut) {
            datagram.over = Over::Link(tap);
        }
        self.taps.insert(id);
        id
    }

    fn tap(&self, id: SocketId) -> Result<&Tap, Errno> {
        match self.socket_ref(id)?.datagram().map(|datagram| &datagram.over) {
            Some(Over::Link(tap)) => Ok(tap),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    fn tap_mut(&mut self, id: SocketId) -> Result<&mut Tap, Errno> {
        match self.socket_mut(id)?.datagram_mut().map(|datagram| &mut datagram.over) {
            Some(Over::Link(tap)) => Ok(tap),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    /// `packet_bind`: which interface (0: all), and another protocol unless that is 0.
    pub(crate) fn packet_bind(&mut self, id: SocketId, addr: &SockAddr) -> Result<(), Errno> {
        let bytes = addr.bytes();
        if self.tap(id)?.form == Form::Old {
            let name = bytes.get(2..16).ok_or(Errno::EINVAL)?;
            let iface = self.interface_named(name).ok_or(Errno::ENODEV)?;
            self.tap_mut(id)?.iface = Some(iface);
            return Ok(());
        }
        let link: &[u8; SOCKADDR_LL] = bytes.first_chunk().ok_or(Errno::EINVAL)?;
        if addr.family().map(i32::from) != Some(AF_PACKET) {
            return Err(Errno::EINVAL);
        }
        let iface = match index(link) {
            0 => None,
            index => Some(IfaceId(index)),
        };
        if iface.is_some_and(|iface| self.interface(iface).is_none()) {
            return Err(Errno::ENODEV);
        }
        let tap = self.tap_mut(id)?;
        tap.iface = iface;
        if protocol(link) != 0 {
            tap.ethertype = protocol(link);
        }
        Ok(())
    }

    /// `packet_getname`: cut after the hardware address.
    pub(crate) fn packet_name(&self, tap: &Tap) -> SockAddr {
        let iface = tap.iface.and_then(|id| Some((id, self.interface(id)?)));
        if tap.form == Form::Old {
            let name = iface.map_or("", |(_, iface)| iface.name.as_str());
            let mut bytes = (AF_PACKET as u16).to_le_bytes().to_vec();
            bytes.extend(name.bytes());
            bytes.resize(16, 0);
            return SockAddr(Bytes(bytes));
        }
        let mut name = match iface {
            Some((id, iface)) => sockaddr_ll(id, iface, tap.ethertype, PACKET_HOST, iface.mac),
            None => {
                let mut bytes = (AF_PACKET as u16).to_le_bytes().to_vec();
                bytes.extend(tap.ethertype.to_be_bytes());
                bytes.resize(12, 0);
                SockAddr(Bytes(bytes))
            }
        };
        name.0.0.truncate(18);
        name
    }

    /// `packet_snd`: a frame, as the program wrote it or behind a header of the kernel's.
    pub(crate) fn packet_send(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        out: &mut Out,
    ) -> Result<usize, Errno> {
        let tap = self.tap(id)?;
        let (iface_id, ethertype, dst) = self.packet_target(tap, request.name.as_ref())?;
        let iface = self.interface(iface_id).ok_or(Errno::ENXIO)?;
        let cooked = tap.form == Form::Cooked;
        let room = iface.mtu as usize + if cooked { 0 } else { ethernet::HEADER_LEN };
        if request.data.len() > room {
            return Err(Errno::EMSGSIZE);
        }
        let mut bytes = Vec::with_capacity(ethernet::HEADER_LEN + request.data.len());
        if cooked {
            let dst = dst.ok_or(Errno::EINVAL)?;
            ethernet::Repr { dst, src: iface.mac, ethertype }.emit(&mut bytes);
        } else if request.data.len() < ethernet::HEADER_LEN {
            return Err(Errno::EINVAL);
        }
        bytes.extend_from_slice(&request.data);
        if !iface.up {
            return Err(Errno::ENETDOWN);
        }
        let (frame, socket) = (Frame::new(bytes), Some(id));
        out.frames.push(Transmit { iface: iface_id, frame, socket, cause: Cause::Datagram });
        request.sent = request.data.len();
        Ok(request.sent)
    }

    /// Where a frame goes: interface, protocol, hardware address.
    fn packet_target(
        &self,
        tap: &Tap,
        name: Option<&SockAddr>,
    ) -> Result<(IfaceId, u16, Option<Mac>), Errno> {
        let Some(name) = name else {
            return Ok((tap.iface.ok_or(Errno::ENXIO)?, tap.ethertype, None));
        };
        let bytes = name.bytes();
        if tap.form == Form::Old {
            let device = bytes.get(2..16).ok_or(Errno::EINVAL)?;
            let iface = self.interface_named(device).ok_or(Errno::ENODEV)?;
            return Ok((iface, 0, None));
        }
        let link: &[u8; SOCKADDR_LL] = bytes.first_chunk().ok_or(Errno::EINVAL)?;
        let [.., a, b, c, d, e, f, _, _] = *link;
        Ok((IfaceId(index(link)), protocol(link), Some(Mac([a, b, c, d, e, f]))))
    }

    pub(crate) fn interface_named(&self, name: &[u8]) -> Option<IfaceId> {
        let name = name.split(|byte| *byte == 0).next().unwrap_or(name);
        let at = self.interfaces.iter().position(|iface| iface.name.as_bytes() == name)?;
        Some(IfaceId(at as u32 + 1))
    }

    /// Shows a frame that came in to the packet sockets.
    pub(crate) fn tap_incoming(
        &mut self,
        iface: IfaceId,
        frame: &Frame,
        now_ns: u64,
        out: &mut Out,
    ) {
        self.show_frame(iface, frame, Way::In, now_ns, out);
    }

    /// Shows the frames of `out` to the packet sockets before they leave.
    pub(crate) fn tap_outgoing(&mut self, now_ns: u64, out: &mut Out) {
        if self.taps.is_empty() {
            return;
        }
        for at in 0..out.frames.len() {
            let Transmit { iface, frame, socket, .. } = out.frames[at].clone();
            self.show_frame(iface, &frame, Way::Out(socket), now_ns, out);
        }
    }

    fn show_frame(&mut self, id: IfaceId, frame: &Frame, way: Way, now_ns: u64, out: &mut Out) {
        if self.taps.is_empty() {
            return;
        }
        let Ok(link) = ethernet::Repr::parse(frame) else { return };
        // A group's packet that comes back to its sender's host was seen when it left.
        if id == IfaceId::LO && link.dst.is_group() {
            return;
        }
        let Some(iface) = self.interface(id) else { return };
        let ethertype = match link.ethertype {
            length if i32::from(length) < 0x600 => ETH_P_802_2 as u16,
            ethertype => ethertype,
        };
        let kind = match way {
            Way::Out(_) => PACKET_OUTGOING,
            Way::In if link.dst == Mac::BROADCAST => PACKET_BROADCAST,
            Way::In if link.dst.is_group() => PACKET_MULTICAST,
            Way::In if link.dst == iface.mac => PACKET_HOST,
            Way::In => PACKET_OTHERHOST,
        };
        let name = sockaddr_ll(id, iface, ethertype, kind, link.src);
        let old_name = sockaddr_pkt(iface, ethertype);
        let nobody = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        let arrival =
            Arrival { from: nobody, to: nobody, ttl: 0, tos: 0, iface: id, at_ns: now_ns };
        let wanted = |tap: &Tap| {
            let all = i32::from(tap.ethertype) == ETH_P_ALL;
            let speaks = all || (way == Way::In && tap.ethertype == ethertype);
            speaks && tap.iface.is_none_or(|on| on == id)
        };
        let taps: Vec<(SocketId, Form)> = self
            .taps
            .iter()
            .filter(|tap| way != Way::Out(Some(**tap)))
            .filter(|tap| way == Way::In || !self.ignores_outgoing(**tap))
            .filter_map(|id| Some((*id, self.tap(*id).ok().filter(|tap| wanted(tap))?.form)))
            .collect();
        for (tap, form) in taps {
            let (data, name) = match form {
                Form::Whole => (frame.shared(), name.clone()),
                Form::Cooked => (frame.shared().slice_from(ethernet::HEADER_LEN), name.clone()),
                Form::Old => (frame.shared(), old_name.clone()),
            };
            let queued = self.enqueue(tap, data, arrival, Some(name), out);
            if let Ok(tap) = self.tap_mut(tap) {
                tap.seen += 1;
                tap.lost += u32::from(queued == Queued::NoRoom);
            }
        }
    }

    fn ignores_outgoing(&self, id: SocketId) -> bool {
        let option = (SOL_PACKET, PACKET_IGNORE_OUTGOING);
        self.sockets.get(id).and_then(|s| s.options.stored.get(&option)).is_some_and(|on| *on != 0)
    }

    /// `packet_setsockopt`.
    pub(crate) fn set_packet_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
    ) -> Result<(), Errno> {
        if matches!(name, PACKET_ADD_MEMBERSHIP | PACKET_DROP_MEMBERSHIP) {
            let mreq: &[u8; MREQ] = value.first_chunk().ok_or(Errno::EINVAL)?;
            let iface = u32::from_le_bytes([mreq[0], mreq[1], mreq[2], mreq[3]]);
            let absent = self.interface(IfaceId(iface)).is_none();
            // Who is not a member may leave.
            return match name {
                PACKET_ADD_MEMBERSHIP if absent => Err(Errno::ENODEV),
                _ => Ok(()),
            };
        }
        if !KEPT.contains(&name) {
            return Err(Errno::ENOPROTOOPT);
        }
        let number: &[u8; 4] = value.first_chunk().ok_or(Errno::EINVAL)?;
        let number = i32::from_le_bytes(*number);
        if name == PACKET_IGNORE_OUTGOING && !(0..=1).contains(&number) {
            return Err(Errno::EINVAL);
        }
        self.socket_mut(id)?.options.stored.insert((SOL_PACKET, name), i64::from(number));
        Ok(())
    }

    /// `packet_getsockopt`.
    pub(crate) fn get_packet_option(&mut self, id: SocketId, name: i32) -> Result<Vec<u8>, Errno> {
        if name == PACKET_STATISTICS {
            let tap = self.tap_mut(id)?;
            let (seen, lost) = (std::mem::take(&mut tap.seen), std::mem::take(&mut tap.lost));
            return Ok([seen, lost].into_iter().flat_map(u32::to_le_bytes).collect());
        }
        if !KEPT.contains(&name) {
            return Err(Errno::ENOPROTOOPT);
        }
        let kept = self.socket_ref(id)?.options.stored.get(&(SOL_PACKET, name)).copied();
        Ok((kept.unwrap_or(0) as i32).to_le_bytes().to_vec())
    }
}

/// Options that are read back; of them only `PACKET_IGNORE_OUTGOING` is obeyed.
const KEPT: [i32; 10] = [
    PACKET_COPY_THRESH,
    PACKET_AUXDATA,
    PACKET_ORIGDEV,
    PACKET_VERSION,
    PACKET_RESERVE,
    PACKET_LOSS,
    PACKET_TIMESTAMP,
    PACKET_TX_HAS_OFF,
    PACKET_QDISC_BYPASS,
    PACKET_IGNORE_OUTGOING,
];

fn protocol(link: &[u8; SOCKADDR_LL]) -> u16 {
    u16::from_be_bytes([link[2], link[3]])
}

fn index(link: &[u8; SOCKADDR_LL]) -> u32 {
    u32::from_le_bytes([link[4], link[5], link[6], link[7]])
}

/// A `struct sockaddr_ll`.
fn sockaddr_ll(id: IfaceId, iface: &Interface, ethertype: u16, kind: i32, mac: Mac) -> SockAddr {
    let mut bytes = (AF_PACKET as u16).to_le_bytes().to_vec();
    bytes.extend(ethertype.to_be_bytes());
    bytes.extend(id.0.to_le_bytes());
    bytes.extend((iface.hardware() as u16).to_le_bytes());
    bytes.extend([kind as u8, 6]);
    bytes.extend(mac.0);
    bytes.extend([0; 2]);
    SockAddr(Bytes(bytes))
}

/// A `struct sockaddr_pkt`, which `SOCK_PACKET` receives.
fn sockaddr_pkt(iface: &Interface, ethertype: u16) -> SockAddr {
    let mut bytes = (iface.hardware() as u16).to_le_bytes().to_vec();
    bytes.extend(iface.name.bytes().take(13));
    bytes.resize(16, 0);
    bytes.extend(ethertype.to_be_bytes());
    SockAddr(Bytes(bytes))
}
