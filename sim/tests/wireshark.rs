//! Wireshark reads our frames without a complaint.

#![allow(missing_docs, unreachable_pub)]

mod common;

use common::*;
use soquete_sim::net::{How, Proto, SocketKind};
use soquete_sim::wire::icmp;
use std::process::Command;

/// The log as a classic capture file with nanoseconds.
fn pcap(lab: &Lab) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_3c4du32.to_le_bytes());
    for word in [0x0004_0002u32, 0, 0, 65_535, 1] {
        file.extend(word.to_le_bytes());
    }
    for packet in &lab.log {
        let len = packet.frame.len() as u32;
        let words = [packet.at_ns / SECOND, packet.at_ns % SECOND, len.into(), len.into()];
        words.iter().for_each(|word| file.extend((*word as u32).to_le_bytes()));
        file.extend_from_slice(&packet.frame);
    }
    file
}

/// A run with every kind of frame that the stack makes, on ports that no dissector claims.
fn everything() -> Lab {
    let mut lab = Lab::new(MS);
    let (client, server, _) = lab.connected(4000);
    lab.send(A, client, &[b'x'; 5000]).expect("send");
    lab.send_flags(A, client, b"!", abi::consts::MSG_OOB).expect("send");
    lab.run_for(SECOND);
    lab.recv(B, server, 10_000).expect("recv");
    let mut count = 0;
    lab.wire = Box::new(move |packet| {
        count += usize::from(packet.frame.len() > 1000);
        (count != 2 || packet.frame.len() < 1000).then_some(MS)
    });
    lab.send(A, client, &[b'y'; 9000]).expect("send");
    lab.run_for(SECOND);
    lab.wire = Box::new(|_| Some(MS));
    lab.shutdown(A, client, How::Write).expect("shutdown");
    lab.run_for(SECOND);
    lab.close(B, server);
    lab.run_for(SECOND);
    let refused = lab.socket(A, tcp4());
    let _ = lab.connect(A, refused, "10.0.0.2:4001");
    lab.run_for(SECOND);
    let udp = lab.socket(A, udp4());
    lab.send_to(A, udp, &[b'z'; 4000], "10.0.0.2:9").expect("sendto");
    let raw = lab.socket(A, SocketKind { v6: false, proto: Proto::Raw(1) });
    let mut request = Vec::new();
    icmp::Message::EchoRequest(7, 1).emit(b"ping", A_IP.into(), B_IP.into(), &mut request);
    lab.send_to(A, raw, &request, "10.0.0.2:0").expect("ping");
    let six = lab.socket(A, SocketKind { v6: true, proto: Proto::Udp });
    lab.send_to(A, six, &[b'6'; 3000], "[fd00::2]:9").expect("sendto");
    lab.send_to(A, udp, b"lo", "127.0.0.1:9").expect("sendto");
    lab.run_for(SECOND);
    lab
}

#[test]
fn tshark_finds_nothing_wrong() {
    if Command::new("tshark").arg("--version").output().is_err() {
        eprintln!("skipped: tshark is not installed");
        return;
    }
    let lab = everything();
    let path = std::env::temp_dir().join(format!("soquete-{}.pcap", std::process::id()));
    std::fs::write(&path, pcap(&lab)).expect("a temporary file");
    let run = |args: &[&str]| {
        let output = Command::new("tshark")
            .arg("-r")
            .arg(&path)
            .args(["-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"])
            .args(["-o", "ip.check_checksum:TRUE"])
            .args(args)
            .output()
            .expect("tshark");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let bad = "_ws.malformed || tcp.checksum.status == 0 || udp.checksum.status == 0 \
               || ip.checksum.status == 0 || icmp.checksum.status == 0 \
               || icmpv6.checksum.status == 0 || _ws.expert.severity == 8388608";
    let complaints = run(&["-Y", bad]);
    let frames = run(&[]).lines().count();
    std::fs::remove_file(&path).expect("the temporary file");
    assert_eq!(complaints, "");
    assert_eq!(frames, lab.log.len());
}
