//! `TCP_INFO` from the bytes that the kernel gave. Read `struct tcp_info` in linux/tcp.h.
//!
//! An older kernel's structure is shorter: a field that its length does not reach is `None`, and
//! so nothing is shown that was not measured.

use abi::message::TcpInfo;

/// Names of `tcpi_state`, include/net/tcp_states.h.
const STATES: [&str; 13] = [
    "?",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
];

/// Decodes the bytes; `None` when there is not even a state.
pub(crate) fn decode(bytes: &[u8]) -> Option<TcpInfo> {
    let state = *STATES.get(usize::from(*bytes.first()?)).unwrap_or(&"?");
    let byte = |at: usize| bytes.get(at).map(|byte| u32::from(*byte));
    let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let long = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes);
    Some(TcpInfo {
        state: state.to_owned(),
        retransmits: byte(2),
        options: byte(5),
        snd_wscale: byte(6).map(|scales| scales & 0xf),
        rcv_wscale: byte(6).map(|scales| scales >> 4),
        rto_us: word(8),
        snd_mss: word(16),
        rcv_mss: word(20),
        unacked: word(24),
        lost: word(32),
        retrans: word(36),
        rtt_us: word(68),
        rttvar_us: word(72),
        snd_ssthresh: word(76),
        snd_cwnd: word(80),
        rcv_space: word(96),
        total_retrans: word(100),
        bytes_acked: long(120),
        bytes_received: long(128),
        segs_out: word(136),
        segs_in: word(140),
        notsent_bytes: word(144),
        min_rtt_us: word(148),
        bytes_sent: long(200),
        bytes_retrans: long(208),
        snd_wnd: word(228),
        rcv_wnd: word(232),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn offsets_are_those_of_linux_tcp_h() {
        assert_eq!(std::mem::offset_of!(libc::tcp_info, tcpi_rtt), 68);
        assert_eq!(std::mem::offset_of!(libc::tcp_info, tcpi_total_retrans), 100);
        let mut bytes = vec![0; 104];
        bytes[0] = 1;
        bytes[100] = 7;
        let info = super::decode(&bytes).expect("a state");
        assert_eq!((info.state.as_str(), info.total_retrans), ("ESTABLISHED", Some(7)));
        assert_eq!(info.bytes_acked, None, "an older kernel's structure ends before it");
    }
}
