//! A name server that knows the scenario's hosts: RFC 1035 over UDP.
//!
//! Every host has it at 127.0.0.53, as systems with a local stub resolver do; a host of the scenario
//! with `dns = true` has it at its addresses too. It answers `A`, `AAAA` and `PTR`.
//!
//! Missing: TCP, recursion beyond the scenario, EDNS, any other type (answered with no data).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where every host's own one is.
pub(crate) const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 53));
/// Its port.
pub(crate) const PORT: u16 = 53;

const HEADER: usize = 12;
const A: u16 = 1;
const PTR: u16 = 12;
const AAAA: u16 = 28;
const ANY: u16 = 255;
/// How long an answer may be kept, seconds.
const TTL_S: u32 = 60;

/// Names and addresses.
pub(crate) type Names = [(String, IpAddr)];

/// The answer to a query; `None` where there is nothing to answer.
pub(crate) fn answer(query: &[u8], names: &Names) -> Option<Vec<u8>> {
    const RESPONSE: u8 = 0x80;
    const RECURSION_DESIRED: u8 = 1;
    let header = query.get(..HEADER).filter(|header| header[2] & RESPONSE == 0)?;
    let reply = |rcode: u8, question: &[u8], answers: &[Vec<u8>]| {
        let mut out = header[..2].to_vec();
        let recursion_available = 0x80;
        out.push(RESPONSE | header[2] & (0x78 | RECURSION_DESIRED));
        out.push(recursion_available | rcode);
        for count in [usize::from(!question.is_empty()), answers.len(), 0, 0] {
            out.extend((count as u16).to_be_bytes());
        }
        out.extend(question);
        answers.iter().for_each(|answer| out.extend(answer));
        Some(out)
    };
    const FORMAT_ERROR: u8 = 1;
    const NO_SUCH_NAME: u8 = 3;
    const NOT_IMPLEMENTED: u8 = 4;
    if header[2] & 0x78 != 0 {
        return reply(NOT_IMPLEMENTED, &[], &[]);
    }
    let Some((name, end)) = question(query).filter(|_| header[4..6] == [0, 1]) else {
        return reply(FORMAT_ERROR, &[], &[]);
    };
    let kind = u16::from_be_bytes([query[end - 4], query[end - 3]]);
    let (known, records) = records(&name, kind, names);
    let rcode = if known { 0 } else { NO_SUCH_NAME };
    reply(rcode, &query[HEADER..end], &records)
}

/// The name asked for, in small letters, and where the question ends.
fn question(query: &[u8]) -> Option<(String, usize)> {
    let mut at = HEADER;
    let mut labels: Vec<String> = Vec::new();
    loop {
        let len = usize::from(*query.get(at)?);
        if len == 0 {
            break;
        }
        // Compressed names have nothing to point to in a question.
        if len > 63 {
            return None;
        }
        let label = query.get(at + 1..at + 1 + len)?;
        labels.push(String::from_utf8_lossy(label).to_ascii_lowercase());
        at += 1 + len;
    }
    let end = at + 5;
    query.get(at..end)?;
    Some((labels.join("."), end))
}

/// Whether the name exists, and what it has of a kind.
fn records(name: &str, kind: u16, names: &Names) -> (bool, Vec<Vec<u8>>) {
    if let Some(ip) = reversed(name) {
        let found = names.iter().find(|(_, other)| *other == ip);
        let named = found.map(|(name, _)| name.as_str());
        let named = named.or(ip.is_loopback().then_some("localhost"));
        let wanted = matches!(kind, PTR | ANY);
        let records = named.filter(|_| wanted).map(|name| record(PTR, &encoded(name)));
        return (named.is_some(), records.into_iter().collect());
    }
    let mut ips: Vec<IpAddr> = if name == "localhost" {
        vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
    } else {
        let named = names.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, ip)| *ip).collect()
    };
    let known = !ips.is_empty();
    ips.retain(|ip| match ip {
        IpAddr::V4(_) => matches!(kind, A | ANY),
        IpAddr::V6(_) => matches!(kind, AAAA | ANY),
    });
    let records = ips.iter().map(|ip| match ip {
        IpAddr::V4(ip) => record(A, &ip.octets()),
        IpAddr::V6(ip) => record(AAAA, &ip.octets()),
    });
    (known, records.collect())
}

/// A record about the name of the question.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    const INTERNET: u16 = 1;
    let question = (0xc000 | HEADER as u16).to_be_bytes();
    let mut out = question.to_vec();
    out.extend(kind.to_be_bytes());
    out.extend(INTERNET.to_be_bytes());
    out.extend(TTL_S.to_be_bytes());
    out.extend((data.len() as u16).to_be_bytes());
    out.extend(data);
    out
}

fn encoded(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty() && label.len() < 64) {
        out.push(label.len() as u8);
        out.extend(label.bytes());
    }
    out.push(0);
    out
}

/// The address of a name below `in-addr.arpa` or `ip6.arpa`.
fn reversed(name: &str) -> Option<IpAddr> {
    if let Some(digits) = name.strip_suffix(".in-addr.arpa") {
        let bytes: Vec<u8> = digits.split('.').rev().map_while(|part| part.parse().ok()).collect();
        let bytes: [u8; 4] = bytes.try_into().ok()?;
        return Some(IpAddr::from(bytes));
    }
    let digits = name.strip_suffix(".ip6.arpa")?;
    let digits: Vec<u8> =
        digits.split('.').rev().map_while(|part| u8::from_str_radix(part, 16).ok()).collect();
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    Some(IpAddr::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(name: &str, kind: u16) -> Vec<u8> {
        let mut out = vec![0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        out.extend(encoded(name));
        out.extend(kind.to_be_bytes());
        out.extend([0, 1]);
        out
    }

    #[test]
    fn the_hosts_of_the_scenario_have_addresses_and_names() {
        let names = [("web".to_owned(), IpAddr::from([10, 0, 0, 2]))];
        let ask = |name: &str, kind: u16| answer(&query(name, kind), &names).unwrap_or_default();
        let found = ask("WEB", A);
        assert_eq!(found[..8], [0xab, 0xcd, 0x81, 0x80, 0, 1, 0, 1]);
        assert_eq!(found[found.len() - 6..], [0, 4, 10, 0, 0, 2]);
        assert_eq!(ask("web", AAAA)[3..8], [0x80, 0, 1, 0, 0], "there, but not of this kind");
        assert_eq!(ask("nobody", A)[3] & 15, 3, "no such name");
        assert!(ask("2.0.0.10.in-addr.arpa", PTR).ends_with(b"\x03web\0"));
        assert_eq!(ask("3.0.0.10.in-addr.arpa", PTR)[3] & 15, 3);
    }

    #[test]
    fn no_bytes_upset_it() {
        let names = [("web".to_owned(), IpAddr::from([10, 0, 0, 2]))];
        let whole = query("web", A);
        for end in 0..whole.len() {
            let cut = answer(&whole[..end], &names);
            assert_eq!(cut.is_some(), end >= HEADER, "{end} bytes");
        }
        let mut looped = whole.clone();
        looped[12] = 0xc0;
        assert_eq!(answer(&looped, &names).map(|a| a[3] & 15), Some(1));
        let mut response = whole;
        response[2] |= 0x80;
        assert_eq!(answer(&response, &names), None, "answers are not answered");
    }
}
