//! Frames as a pcapng file (draft-ietf-opsawg-pcapng): one section, one interface for each host,
//! times in nanoseconds.

use crate::trace::{Record, What};

/// `LINKTYPE_ETHERNET`.
const ETHERNET: u16 = 1;

/// Every frame of a trace that was put on a link, as its sender's interface saw it, as a file;
/// `hosts` are the hosts' names.
pub fn pcapng<'a>(hosts: &[String], records: impl Iterator<Item = &'a Record>) -> Vec<u8> {
    let frames = records.filter_map(|record| match &record.what {
        What::PacketSent { frame, link: Some(_), from, departs_ns, .. } => {
            Some((from.0, *departs_ns, &**frame))
        }
        _ => None,
    });
    file(hosts, frames)
}

/// A file of `frames`: interface, time in nanoseconds since the run began, bytes.
fn file<'a>(interfaces: &[String], frames: impl Iterator<Item = (u32, u64, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    // Byte-order magic, version 1.0, length of the section unknown.
    let mut section = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    section.extend([1, 0, 0, 0]);
    section.extend([0xff; 8]);
    block(&mut out, 0x0a0d_0d0a, &section);
    for name in interfaces {
        let mut body = ETHERNET.to_le_bytes().to_vec();
        body.extend([0; 6]); // reserved; no limit on the length of a frame
        option(&mut body, 2, name.as_bytes()); // if_name
        option(&mut body, 9, &[9]); // if_tsresol: 10^-9 s
        option(&mut body, 0, &[]);
        block(&mut out, 1, &body);
    }
    for (interface, t_ns, bytes) in frames {
        let len = (bytes.len() as u32).to_le_bytes();
        let mut body = interface.to_le_bytes().to_vec();
        body.extend(((t_ns >> 32) as u32).to_le_bytes());
        body.extend((t_ns as u32).to_le_bytes());
        body.extend(len);
        body.extend(len);
        padded(&mut body, bytes);
        block(&mut out, 6, &body);
    }
    out
}

fn padded(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(bytes);
    out.extend(std::iter::repeat_n(0, bytes.len().next_multiple_of(4) - bytes.len()));
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    padded(out, value);
}

/// A block: kind, length, body, length again.
fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let len = (12 + body.len() as u32).to_le_bytes();
    out.extend(kind.to_le_bytes());
    out.extend(len);
    out.extend(body);
    out.extend(len);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_padded_and_says_its_length_twice() {
        let names = ["eth0".to_owned()];
        let bytes = file(&names, [(0, 5, &[1, 2, 3, 4, 5][..])].into_iter());
        let mut at = 0;
        let mut kinds = Vec::new();
        while at < bytes.len() {
            let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
            let len = word(at + 4) as usize;
            assert_eq!(len % 4, 0);
            assert_eq!(word(at + len - 4) as usize, len);
            kinds.push(word(at));
            at += len;
        }
        assert_eq!(kinds, [0x0a0d_0d0a, 1, 6]);
    }
}
