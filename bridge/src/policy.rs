//! Whom a session may reach: everything but the bridge itself on the student's own computer, an
//! allow-list for a class.
//!
//! Checked on the socket address that goes into the call, never on a name: a name may resolve
//! differently the next time it is asked. Missing: rules by name, on purpose.

use abi::SockAddr;
use abi::message::Rule;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// A refusal: not the kernel's errno.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Denied {
    /// Which rule.
    pub rule: Rule,
    /// What was refused, and the limit if there is one.
    pub detail: String,
}

impl Denied {
    pub(crate) fn new(rule: Rule, detail: impl Into<String>) -> Denied {
        Denied { rule, detail: detail.into() }
    }
}

/// Which targets a session may use.
#[derive(Debug)]
pub struct Policy {
    class: Option<ClassPolicy>,
    own: OnceLock<Vec<SocketAddr>>,
}

impl Policy {
    /// The student's own computer: everything but the bridge itself.
    pub fn local() -> Policy {
        Policy { class: None, own: OnceLock::new() }
    }

    /// One bridge for a class: default deny.
    pub fn class(class: ClassPolicy) -> Policy {
        Policy { class: Some(class), own: OnceLock::new() }
    }

    /// Whether this is class mode.
    pub fn is_class(&self) -> bool {
        self.class.is_some()
    }

    /// The addresses that the bridge itself listens on.
    pub(crate) fn set_own(&self, own: Vec<SocketAddr>) {
        // A second call would come from a second listener of the same server: there is none.
        let _ = self.own.set(own);
    }

    /// Whether names may be looked up.
    pub(crate) fn check_lookup(&self) -> Result<(), Denied> {
        match &self.class {
            Some(class) if !class.lookups => {
                Err(Denied::new(Rule::LookupsOff, "the policy has lookups = false"))
            }
            _ => Ok(()),
        }
    }

    /// A `connect`, `sendto` or `sendmsg` to this address.
    pub(crate) fn check_target(
        &self,
        addr: &SockAddr,
        protocol: Protocol,
        use_: Use,
    ) -> Result<(), Denied> {
        let Some(target) = internet(addr, use_ == Use::Send) else {
            return Ok(()); // AF_UNSPEC disconnects, other families are the kernel's to refuse
        };
        self.check_own(target, protocol)?;
        let Some(class) = &self.class else { return Ok(()) };
        if let Some(rule) = never(target.ip()) {
            return Err(Denied::new(rule, format!("{target} is never reached in class mode")));
        }
        if class.allow.iter().any(|allow| allow.matches(target, protocol)) {
            return Ok(());
        }
        let rule = special(target.ip()).map_or(Rule::NotListed, |(rule, _)| rule);
        Err(Denied::new(rule, format!("{protocol:?} {target} is not in the policy").to_lowercase()))
    }

    /// A `bind` to this address.
    pub(crate) fn check_bind(&self, addr: &SockAddr, protocol: Protocol) -> Result<(), Denied> {
        let (Some(class), Some(addr)) = (&self.class, internet(addr, true)) else {
            return Ok(());
        };
        if class.bind.iter().any(|allow| allow.matches(addr, protocol)) {
            return Ok(());
        }
        Err(Denied::new(
            Rule::BindNotListed,
            format!("{protocol:?} {addr} is not in the policy's [[bind]]").to_lowercase(),
        ))
    }

    fn check_own(&self, target: SocketAddr, protocol: Protocol) -> Result<(), Denied> {
        let own = self.own.get().map_or([].as_slice(), Vec::as_slice);
        let hit = protocol == Protocol::Tcp
            && own.iter().any(|own| own.port() == target.port())
            && is_local(target.ip());
        match hit {
            true => Err(Denied::new(Rule::OwnPort, format!("{target} is the bridge itself"))),
            false => Ok(()),
        }
    }
}

/// What an address is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// `connect`.
    Connect,
    /// `sendto`, `sendmsg`.
    Send,
}

/// The Internet address that the kernel will see. Where `unspec` holds (`sendto` of UDP, `bind`)
/// it takes `AF_UNSPEC` for `AF_INET` (net/ipv4/udp.c, udp_sendmsg; af_inet.c, __inet_bind).
fn internet(addr: &SockAddr, unspec: bool) -> Option<SocketAddr> {
    let as_inet = || {
        let is_unspec = unspec && addr.family() == Some(abi::consts::AF_UNSPEC as u16);
        is_unspec.then(|| addr.as_inet().map(SocketAddr::V4)).flatten()
    };
    addr.to_std().or_else(as_inet).map(normal)
}

/// IPv4-mapped addresses are the IPv4 address that the kernel will use.
fn normal(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

/// Whether an address is this machine's: only then can a socket be bound to it. (The
/// unspecified address as a target means loopback.)
fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || UdpSocket::bind((ip, 0)).is_ok()
}

/// A transport protocol in a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// TCP (and MPTCP).
    Tcp,
    /// UDP (and UDP-Lite, ping sockets).
    Udp,
}

/// `policy.toml` of a class.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClassPolicy {
    /// Targets of `connect` and `sendto`.
    #[serde(default)]
    pub allow: Vec<Allow>,
    /// Addresses for `bind`.
    #[serde(default)]
    pub bind: Vec<Allow>,
    /// Whether `getaddrinfo` and `getnameinfo` are made. The answers are advice: every address
    /// is checked when it is used.
    #[serde(default)]
    pub lookups: bool,
}

impl ClassPolicy {
    /// From the text of a policy file.
    ///
    /// # Errors
    /// A message with line, column and what was expected.
    pub fn parse(text: &str) -> Result<ClassPolicy, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

/// One entry of the allow-list.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Allow {
    /// Address or network.
    pub net: Net,
    /// Protocol; both when it is missing.
    #[serde(default)]
    pub protocol: Option<Protocol>,
    /// Ports: numbers, or ranges as `"8000-8999"`.
    pub ports: Vec<Ports>,
}

impl Allow {
    fn matches(&self, addr: SocketAddr, protocol: Protocol) -> bool {
        // 0.0.0.0/0 does not open the classroom's own network: a special block is open only to
        // an entry that lies within it.
        let special_is_meant =
            special(addr.ip()).is_none_or(|(_, block)| block.contains_net(&self.net));
        self.net.contains(addr.ip())
            && special_is_meant
            && self.protocol.is_none_or(|wanted| wanted == protocol)
            && self.ports.iter().any(|ports| ports.0.contains(&addr.port()))
    }
}

/// A network: address and prefix length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Net {
    ip: IpAddr,
    prefix: u8,
}

impl Net {
    const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Net {
        Net { ip: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
    }

    const fn v6(head: [u16; 4], tail: u16, prefix: u8) -> Net {
        let [a, b, c, d] = head;
        Net { ip: IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, tail)), prefix }
    }

    fn contains(&self, ip: IpAddr) -> bool {
        match (self.ip, ip) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                (u32::from(net) ^ u32::from(ip)).leading_zeros() >= self.prefix.into()
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => {
                (u128::from(net) ^ u128::from(ip)).leading_zeros() >= self.prefix.into()
            }
            _ => false,
        }
    }

    fn contains_net(&self, other: &Net) -> bool {
        other.prefix >= self.prefix && self.contains(other.ip)
    }
}

impl std::str::FromStr for Net {
    type Err = String;

    fn from_str(text: &str) -> Result<Net, String> {
        let wrong = || format!("`{text}` is not an address or a network such as 203.0.113.0/24");
        let (ip, prefix) = match text.split_once('/') {
            Some((ip, prefix)) => (ip, Some(prefix)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| wrong())?;
        let bits = if ip.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), str::parse).map_err(|_| wrong())?;
        let host_bits = match ip {
            IpAddr::V4(v4) => u32::from(v4).trailing_zeros().min(32),
            IpAddr::V6(v6) => u128::from(v6).trailing_zeros().min(128),
        };
        if prefix > bits {
            return Err(format!("`{text}`: a prefix is at most {bits}"));
        }
        if u32::from(bits - prefix) > host_bits {
            return Err(format!("`{text}` has bits beyond its prefix"));
        }
        Ok(Net { ip, prefix })
    }
}

impl<'de> Deserialize<'de> for Net {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Net, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A range of ports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ports(pub RangeInclusive<u16>);

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ports, D::Error> {
        deserializer.deserialize_any(PortsVisitor)
    }
}

struct PortsVisitor;

impl Visitor<'_> for PortsVisitor {
    type Value = Ports;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a port (0-65535) or a range such as \"8000-8999\"")
    }

    fn visit_i64<E: de::Error>(self, port: i64) -> Result<Ports, E> {
        let wrong = |_| E::invalid_value(de::Unexpected::Signed(port), &self);
        let port = u16::try_from(port).map_err(wrong)?;
        Ok(Ports(port..=port))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Ports, E> {
        let wrong = || E::invalid_value(de::Unexpected::Str(text), &self);
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let port = |text: &str| text.trim().parse::<u16>().map_err(|_| wrong());
        let range = port(low)?..=port(high)?;
        if range.is_empty() { Err(wrong()) } else { Ok(Ports(range)) }
    }
}

/// What class mode never reaches, whatever the policy lists.
const NEVER: &[(Net, Rule)] = &[
    (Net::v4(169, 254, 0, 0, 16), Rule::LinkLocal),
    (Net::v4(168, 63, 129, 16, 32), Rule::LinkLocal), // Azure's wire server
    (Net::v6([0xfd00, 0xec2, 0, 0], 0x254, 128), Rule::LinkLocal), // EC2's metadata
    (Net::v6([0xfe80, 0, 0, 0], 0, 10), Rule::LinkLocal),
    (Net::v4(100, 64, 0, 0, 10), Rule::SharedAddress),
    (Net::v4(192, 0, 0, 0, 24), Rule::Reserved),
    (Net::v4(224, 0, 0, 0, 4), Rule::Multicast),
    (Net::v4(255, 255, 255, 255, 32), Rule::Multicast),
    (Net::v4(240, 0, 0, 0, 4), Rule::Reserved),
    (Net::v6([0xff00, 0, 0, 0], 0, 8), Rule::Multicast),
    (Net::v6([0xfec0, 0, 0, 0], 0, 10), Rule::SiteLocal),
    (Net::v6([0x64, 0xff9b, 0, 0], 0, 96), Rule::EmbeddedIpv4),
    (Net::v6([0x64, 0xff9b, 1, 0], 0, 48), Rule::EmbeddedIpv4),
    (Net::v6([0x2002, 0, 0, 0], 0, 16), Rule::EmbeddedIpv4),
    (Net::v6([0x2001, 0, 0, 0], 0, 32), Rule::EmbeddedIpv4),
];

/// What class mode reaches only where an entry of the policy lies within it.
const SPECIAL: &[(Net, Rule)] = &[
    (Net::v4(127, 0, 0, 0, 8), Rule::Loopback),
    (Net::v4(0, 0, 0, 0, 8), Rule::Loopback), // 0.0.0.0 as a target is this host
    (Net::v6([0, 0, 0, 0], 1, 128), Rule::Loopback),
    (Net::v6([0, 0, 0, 0], 0, 128), Rule::Loopback),
    (Net::v4(10, 0, 0, 0, 8), Rule::Private),
    (Net::v4(172, 16, 0, 0, 12), Rule::Private),
    (Net::v4(192, 168, 0, 0, 16), Rule::Private),
    (Net::v6([0xfc00, 0, 0, 0], 0, 7), Rule::Private),
    (Net::v6([0, 0, 0, 0], 0, 96), Rule::EmbeddedIpv4), // ::a.b.c.d (RFC 4291 §2.5.5.1)
];

fn never(ip: IpAddr) -> Option<Rule> {
    NEVER.iter().find(|(net, _)| net.contains(ip)).map(|(_, rule)| *rule)
}

fn special(ip: IpAddr) -> Option<(Rule, Net)> {
    SPECIAL.iter().find(|(net, _)| net.contains(ip)).map(|(net, rule)| (*rule, *net))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &str, target: &str) -> Result<(), Rule> {
        let policy = Policy::class(ClassPolicy::parse(policy).expect("a good policy"));
        let target = SockAddr::from_std(target.parse().expect("an address"));
        policy.check_target(&target, Protocol::Tcp, Use::Connect).map_err(|denied| denied.rule)
    }

    const OPEN: &str = "[[allow]]\nnet = '0.0.0.0/0'\nports = ['1-65535']\n\
                        [[allow]]\nnet = '::/0'\nports = ['1-65535']\n";

    #[test]
    fn even_an_open_policy_never_reaches_the_infrastructure() {
        for (target, rule) in [
            ("169.254.169.254:80", Rule::LinkLocal),
            ("[::ffff:169.254.169.254]:80", Rule::LinkLocal),
            ("[fd00:ec2::254]:80", Rule::LinkLocal),
            ("168.63.129.16:80", Rule::LinkLocal),
            ("100.64.0.1:80", Rule::SharedAddress),
            ("192.0.0.8:80", Rule::Reserved),
            ("[64:ff9b::a9fe:a9fe]:80", Rule::EmbeddedIpv4),
            ("[64:ff9b:1::1]:80", Rule::EmbeddedIpv4),
            ("[2002:7f00:1::]:80", Rule::EmbeddedIpv4),
            ("[2001::1]:80", Rule::EmbeddedIpv4),
            ("[::127.0.0.1]:80", Rule::EmbeddedIpv4),
            ("[fec0::1]:80", Rule::SiteLocal),
            ("224.0.0.1:80", Rule::Multicast),
            ("255.255.255.255:80", Rule::Multicast),
            ("127.0.0.1:80", Rule::Loopback),
            ("0.0.0.0:80", Rule::Loopback),
            ("[::]:80", Rule::Loopback),
            ("[::1]:80", Rule::Loopback),
            ("[::ffff:127.0.0.1]:80", Rule::Loopback),
            ("10.0.0.1:80", Rule::Private),
            ("192.168.1.1:80", Rule::Private),
            ("[fd12::1]:80", Rule::Private),
        ] {
            assert_eq!(check(OPEN, target), Err(rule), "{target}");
        }
        assert_eq!(check(OPEN, "203.0.113.5:80"), Ok(()));
        assert_eq!(check(OPEN, "[2600::1]:80"), Ok(()));
    }

    #[test]
    fn a_listed_private_network_is_reached_and_nothing_else() {
        let policy = "[[allow]]\nnet = '10.1.0.0/16'\nprotocol = 'tcp'\nports = [80, '8000-8999']";
        assert_eq!(check(policy, "10.1.2.3:8080"), Ok(()));
        assert_eq!(check(policy, "10.1.2.3:81"), Err(Rule::Private));
        assert_eq!(check(policy, "10.2.0.1:80"), Err(Rule::Private));
        assert_eq!(check(policy, "203.0.113.5:80"), Err(Rule::NotListed));
    }

    #[test]
    fn errors_of_a_policy_name_line_and_reason() {
        for (text, expected) in [
            ("[[allow]]\nnet = '10.0.0.1/8'\nports = [80]", "has bits beyond its prefix"),
            ("[[allow]]\nnet = '10.0.0.0/8'\nports = [70000]", "a port (0-65535) or a range"),
            ("[[allow]]\nnet = '10.0.0.0/8'\nports = ['9-1']", "a port (0-65535) or a range"),
            ("[[allow]]\nnet = 'localhost'\nports = [80]", "is not an address or a network"),
            ("[[alow]]\nnet = '10.0.0.0/8'\nports = [80]", "unknown field `alow`"),
            ("[[allow]]\nports = [80]", "missing field `net`"),
        ] {
            let error = ClassPolicy::parse(text).expect_err(text);
            assert!(error.contains(expected) && error.contains("line"), "{error}");
        }
    }
}
