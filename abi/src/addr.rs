//! `struct sockaddr` with the bytes that the program wrote.
//!
//! A wrong family, a length that is too short, a port in the wrong byte order are legal inputs
//! with real answers, so nothing is normalised away: typed views ([`SockAddr::as_inet`]) look at
//! the bytes. Layout as in Linux x86-64: family in host order (little endian), port and address in
//! network order. See `ip(7)`, `ipv6(7)`, `unix(7)`.

use crate::consts;
use crate::syscall::Bytes;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// `sizeof(struct sockaddr_in)`.
pub const SOCKADDR_IN_LEN: usize = 16;
/// `sizeof(struct sockaddr_in6)`.
pub const SOCKADDR_IN6_LEN: usize = 28;
/// `sizeof(struct sockaddr_storage)`: the kernel accepts no longer address.
pub const SOCKADDR_STORAGE_LEN: usize = 128;

/// A socket address: its exact bytes, as long as `addrlen` said.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SockAddr(pub Bytes);

impl SockAddr {
    /// The 16 bytes of a `sockaddr_in`.
    pub fn inet(ip: Ipv4Addr, port: u16) -> SockAddr {
        let mut bytes = Vec::with_capacity(SOCKADDR_IN_LEN);
        bytes.extend((consts::AF_INET as u16).to_le_bytes());
        bytes.extend(port.to_be_bytes());
        bytes.extend(ip.octets());
        bytes.extend([0; 8]);
        SockAddr(Bytes(bytes))
    }

    /// The 28 bytes of a `sockaddr_in6`.
    pub fn inet6(ip: Ipv6Addr, port: u16, flowinfo: u32, scope_id: u32) -> SockAddr {
        let mut bytes = Vec::with_capacity(SOCKADDR_IN6_LEN);
        bytes.extend((consts::AF_INET6 as u16).to_le_bytes());
        bytes.extend(port.to_be_bytes());
        bytes.extend(flowinfo.to_be_bytes());
        bytes.extend(ip.octets());
        bytes.extend(scope_id.to_le_bytes());
        SockAddr(Bytes(bytes))
    }

    /// A `sockaddr_un`: a path (stored with its terminating NUL), an abstract name (starting with
    /// NUL, stored as is), or unnamed (empty).
    pub fn unix(path: &[u8]) -> SockAddr {
        let mut bytes = (consts::AF_UNIX as u16).to_le_bytes().to_vec();
        bytes.extend(path);
        if path.first().is_some_and(|byte| *byte != 0) {
            bytes.push(0);
        }
        SockAddr(Bytes(bytes))
    }

    /// From the standard library's address.
    pub fn from_std(addr: SocketAddr) -> SockAddr {
        match addr {
            SocketAddr::V4(v4) => SockAddr::inet(*v4.ip(), v4.port()),
            SocketAddr::V6(v6) => {
                SockAddr::inet6(*v6.ip(), v6.port(), v6.flowinfo(), v6.scope_id())
            }
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// `sa_family`, if the two bytes are there.
    pub fn family(&self) -> Option<u16> {
        let bytes = self.bytes();
        Some(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]))
    }

    /// The bytes read as a `sockaddr_in`, whatever `sa_family` says.
    pub fn as_inet(&self) -> Option<SocketAddrV4> {
        let bytes = self.bytes().get(..8)?;
        let port = u16::from_be_bytes([bytes[2], bytes[3]]);
        Some(SocketAddrV4::new(Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]), port))
    }

    /// The bytes read as a `sockaddr_in6`, whatever `sa_family` says. `sin6_scope_id` may be
    /// missing (24 bytes, RFC 2133).
    pub fn as_inet6(&self) -> Option<SocketAddrV6> {
        let bytes = self.bytes();
        let ip: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
        let port = u16::from_be_bytes([bytes[2], bytes[3]]);
        let flowinfo = u32::from_be_bytes(bytes[4..8].try_into().ok()?);
        let scope = bytes.get(24..28).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        Some(SocketAddrV6::new(Ipv6Addr::from(ip), port, flowinfo, scope))
    }

    /// `sun_path` as the kernel takes it: up to the first NUL for a path, everything for an
    /// abstract name (which starts with NUL), empty for an unnamed socket.
    pub fn unix_path(&self) -> Option<&[u8]> {
        let path = self.bytes().get(2..)?;
        match path.first() {
            None | Some(0) => Some(path),
            Some(_) => Some(path.split(|byte| *byte == 0).next().unwrap_or(path)),
        }
    }

    /// The standard library's address, when the family is inet or inet6 and long enough.
    pub fn to_std(&self) -> Option<SocketAddr> {
        match i32::from(self.family()?) {
            consts::AF_INET => Some(SocketAddr::V4(self.as_inet()?)),
            consts::AF_INET6 => Some(SocketAddr::V6(self.as_inet6()?)),
            _ => None,
        }
    }

    /// The IP address, when there is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.to_std().map(|addr| addr.ip())
    }

    /// The port in host order, when there is one.
    pub fn port(&self) -> Option<u16> {
        self.to_std().map(|addr| addr.port())
    }
}

impl std::fmt::Debug for SockAddr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::strace::sockaddr(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_without_htons_is_another_port() {
        let mut addr = SockAddr::inet(Ipv4Addr::LOCALHOST, 8080);
        addr.0.0[2..4].copy_from_slice(&8080u16.to_le_bytes());
        assert_eq!(addr.port(), Some(36895));
    }

    #[test]
    fn inet6_round_trips() {
        let std = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 443, 0, 3);
        assert_eq!(SockAddr::from_std(std.into()).to_std(), Some(std.into()));
    }
}
