//! What was on the wire: a capture by tcpdump against the simulator's own, both read by tshark, so
//! that nothing of ours decides what the bytes mean.
//!
//! Compared for each conversation and direction, in order: protocol, flags, relative sequence and
//! acknowledgement numbers, length, kinds of TCP options, whether the window is zero; type and
//! code of ICMP. Tolerated, because Linux itself varies:
//!
//! * acknowledgements without data (delayed, coalesced, or carried by the next segment) are left
//!   out, but for the third segment of a handshake;
//! * the acknowledgement number of a data segment, which depends on how much had arrived;
//! * ARP, and IPv6's neighbour discovery;
//! * times, ephemeral ports, initial sequence numbers, window sizes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// For each direction of each conversation, its packets as lines.
pub(super) type Packets = BTreeMap<String, Vec<String>>;

const FIELDS: [&str; 17] = [
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags.str",
    "tcp.seq",
    "tcp.ack",
    "tcp.len",
    "tcp.option_kind",
    "tcp.window_size_value",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "icmp.type",
    "icmp.code",
];

/// A running tcpdump.
pub(super) struct Capture {
    child: Child,
    file: PathBuf,
}

impl Capture {
    /// Captures on an interface of a namespace; returns when it really listens.
    pub(super) fn start(namespace: &str, interface: &str, dir: &Path) -> Result<Capture, String> {
        let file = dir.join("linux.pcap");
        let log = dir.join("tcpdump.log");
        let stderr = std::fs::File::create(&log).map_err(|error| error.to_string())?;
        let child = Command::new("ip")
            .args(["netns", "exec", namespace, "tcpdump", "--immediate-mode"])
            .args(["-i", interface, "-U", "-n", "-w"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(|error| format!("tcpdump: {error}"))?;
        let mut capture = Capture { child, file };
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if std::fs::read_to_string(&log).is_ok_and(|text| text.contains("listening on")) {
                return Ok(capture);
            }
            if let Ok(Some(status)) = capture.child.try_wait() {
                let text = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("tcpdump ended with {status}: {text}"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("tcpdump did not begin to listen within 10 s".to_owned())
    }

    /// Ends the capture and reads it.
    pub(super) fn stop(mut self) -> Result<Packets, String> {
        // Packets that the kernel has not handed over yet are written within a moment.
        std::thread::sleep(Duration::from_millis(150));
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        read(&self.file)
    }
}

/// Reads a capture file of any kind that tshark knows.
pub(super) fn read(file: &Path) -> Result<Packets, String> {
    let mut tshark = Command::new("tshark");
    tshark.args(["-n", "-r"]).arg(file).args(["-T", "fields", "-E", "separator=|"]);
    for field in FIELDS {
        tshark.args(["-e", field]);
    }
    let output = tshark.output().map_err(|error| format!("tshark: {error}"))?;
    // A field that tshark does not know must not pass for a conversation without packets.
    if !output.status.success() {
        return Err(format!("tshark: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut packets = Packets::new();
    for line in text.lines() {
        if let Some((direction, packet)) = packet(line) {
            packets.entry(direction).or_default().push(packet);
        }
    }
    Ok(packets)
}

fn port(text: &str) -> &str {
    match text.parse::<u32>() {
        Ok(32768..=60999) => "<port>",
        _ => text,
    }
}

/// A line of tshark as direction and packet; `None` for what is not compared.
fn packet(line: &str) -> Option<(String, String)> {
    let fields: Vec<&str> = line.split('|').collect();
    let field = |name: &str| {
        let at = FIELDS.iter().position(|field| *field == name).expect("a field of the list");
        // An ICMP error quotes the packet it is about: the first value is the outer one.
        fields.get(at).map_or("", |text| text.split(',').next().unwrap_or(""))
    };
    let either =
        |a: &str, b: &str| if field(a).is_empty() { field(b) } else { field(a) }.to_owned();
    let (from, to) = (either("ip.src", "ipv6.src"), either("ip.dst", "ipv6.dst"));
    if !field("icmp.type").is_empty() {
        let text = format!("ICMP type {} code {}", field("icmp.type"), field("icmp.code"));
        return Some((format!("{from} > {to}"), text));
    }
    if !field("udp.srcport").is_empty() {
        let way =
            format!("{from}:{} > {to}:{}", port(field("udp.srcport")), port(field("udp.dstport")));
        let length: i64 = field("udp.length").parse().unwrap_or(0);
        return Some((way, format!("UDP {} bytes", length - 8)));
    }
    if field("tcp.srcport").is_empty() {
        return None;
    }
    let way =
        format!("{from}:{} > {to}:{}", port(field("tcp.srcport")), port(field("tcp.dstport")));
    let flags: String = field("tcp.flags.str").chars().filter(char::is_ascii_alphabetic).collect();
    let (seq, ack, len) = (field("tcp.seq"), field("tcp.ack"), field("tcp.len"));
    let handshake = seq == "1" && ack == "1";
    if flags == "A" && len == "0" && !handshake {
        return None;
    }
    let at = FIELDS.iter().position(|field| *field == "tcp.option_kind").expect("in the list");
    let options = fields.get(at).copied().unwrap_or_default();
    let ack = if len == "0" { format!(" ack {ack}") } else { String::new() };
    let zero = if field("tcp.window_size_value") == "0" { " window 0" } else { "" };
    Some((way, format!("TCP {flags} seq {seq}{ack} len {len} options {options}{zero}")))
}

/// The first difference, with what came before it.
pub(super) fn difference(linux: &Packets, other: &Packets) -> Option<String> {
    let empty = Vec::new();
    for way in linux.keys().chain(other.keys()) {
        let a = without_repeats(linux.get(way).unwrap_or(&empty));
        let b = without_repeats(other.get(way).unwrap_or(&empty));
        let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        if common < a.len() || common < b.len() {
            let line = |lines: &[String]| lines.get(common).cloned().unwrap_or("(nothing)".into());
            let mut text = format!("  packets {way}:\n");
            for line in &a[common.saturating_sub(2)..common] {
                text += &format!("      both   {line}\n");
            }
            text += &format!("    ≠ linux  {}\n    ≠ other  {}\n", line(&a), line(&b));
            return Some(text);
        }
    }
    None
}

/// An acknowledgement that looks like the handshake's is counted once.
fn without_repeats(lines: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        if !(line.starts_with("TCP A seq 1 ack 1 len 0") && kept.contains(line)) {
            kept.push(line.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_told_by_what_cannot_vary() {
        let line = "10.0.0.2|10.0.0.1|||40000|7000|·······AP···|1|1|5|1,1,8|502|||||";
        let (way, text) = packet(line).expect("compared");
        assert_eq!(way, "10.0.0.2:<port> > 10.0.0.1:7000");
        assert_eq!(text, "TCP AP seq 1 len 5 options 1,1,8");
        let ack = "10.0.0.2|10.0.0.1|||40000|7000|·······A····|6|1|0|1,1,8|502|||||";
        assert_eq!(packet(ack), None);
        let error = "10.0.0.1,10.0.0.2|10.0.0.2,10.0.0.1|||||||||||40000|9|9|3|3";
        assert_eq!(packet(error).expect("compared").1, "ICMP type 3 code 3");
    }
}
