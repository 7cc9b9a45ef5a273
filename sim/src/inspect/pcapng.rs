//! Frames as a pcapng file (draft-ietf-opsawg-pcapng): one section, one interface for each host,
//! times in nanoseconds, and with each frame a comment.

use crate::trace::{Record, What};
use crate::{CallId, explain};
use abi::{Lang, strace};
use std::collections::BTreeMap;

/// `LINKTYPE_ETHERNET`.
const ETHERNET: u16 = 1;

/// Every frame of a trace that was put on a link, as its sender's interface saw it, as a file;
/// `hosts` are the hosts' names. The comments say why, and which call is behind it.
pub fn pcapng<'a>(hosts: &[String], records: impl Iterator<Item = &'a Record>) -> Vec<u8> {
    let records: Vec<&Record> = records.collect();
    let names = explain::Names::new(hosts.to_vec(), records.iter().copied());
    let mut answers: BTreeMap<CallId, &abi::Reply> = BTreeMap::new();
    for record in &records {
        if let What::CallEnd { call, reply, .. } = &record.what {
            answers.insert(*call, reply);
        }
    }
    let frames = records.iter().filter_map(|record| match &record.what {
        What::PacketSent { frame, link: Some(_), from, departs_ns, .. } => {
            let mut comment = explain::explain(record, &names, Lang::En)
                .map(|found| found.why.unwrap_or(found.what).text(Lang::En))
                .unwrap_or_default();
            if let Some(call) = call_behind(record, &records, &answers, &names) {
                comment = format!("{comment} {call}").trim_start().to_owned();
            }
            Some((from.0, *departs_ns, &**frame, comment))
        }
        _ => None,
    });
    file(hosts, frames)
}

/// The call that a record follows from: `client: send(3, "hello", 5, 0) = 5`.
fn call_behind(
    record: &Record,
    records: &[&Record],
    answers: &BTreeMap<CallId, &abi::Reply>,
    names: &explain::Names,
) -> Option<String> {
    let find = |id: u64| {
        let at = records.binary_search_by_key(&id, |record| record.id).ok()?;
        Some(records[at])
    };
    let mut behind = record.cause.and_then(find);
    while let Some(cause) = behind {
        if let What::CallStart { call, syscall, .. } = &cause.what {
            let text = match answers.get(call) {
                Some(reply) => strace::call(syscall, reply),
                None => strace::unfinished(syscall),
            };
            return Some(format!("{}: {text}", names.process(cause.host, cause.pid)));
        }
        behind = cause.cause.and_then(find);
    }
    None
}

/// A file of `frames`: interface, time in nanoseconds since the run began, bytes, comment.
fn file<'a>(
    interfaces: &[String],
    frames: impl Iterator<Item = (u32, u64, &'a [u8], String)>,
) -> Vec<u8> {
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
    for (interface, t_ns, bytes, comment) in frames {
        let len = (bytes.len() as u32).to_le_bytes();
        let mut body = interface.to_le_bytes().to_vec();
        body.extend(((t_ns >> 32) as u32).to_le_bytes());
        body.extend((t_ns as u32).to_le_bytes());
        body.extend(len);
        body.extend(len);
        padded(&mut body, bytes);
        if !comment.is_empty() {
            option(&mut body, 1, comment.as_bytes()); // opt_comment
            option(&mut body, 0, &[]);
        }
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
        let bytes = file(&names, [(0, 5, &[1, 2, 3, 4, 5][..], "why".to_owned())].into_iter());
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
