//! Counters of a TCP socket over time, as lines of a graph.

use abi::message::TcpInfo;

/// The picture's inner size, user units.
pub(crate) const WIDTH: f64 = 480.0;
pub(crate) const HEIGHT: f64 = 72.0;

/// What a graph shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Counter {
    /// Congestion window, segments.
    Cwnd,
    /// Smoothed round-trip time, microseconds.
    Rtt,
    /// Segments sent and not acknowledged.
    Unacked,
    /// Bytes sent and acknowledged.
    Acked,
    /// Bytes received.
    Received,
    /// Segments sent again.
    Retransmitted,
}

impl Counter {
    /// In the order of the page.
    pub(crate) const ALL: [Counter; 6] = [
        Counter::Cwnd,
        Counter::Rtt,
        Counter::Unacked,
        Counter::Acked,
        Counter::Received,
        Counter::Retransmitted,
    ];

    /// The field of `struct tcp_info`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Counter::Cwnd => "tcpi_snd_cwnd",
            Counter::Rtt => "tcpi_rtt",
            Counter::Unacked => "tcpi_unacked",
            Counter::Acked => "tcpi_bytes_acked",
            Counter::Received => "tcpi_bytes_received",
            Counter::Retransmitted => "tcpi_total_retrans",
        }
    }

    /// Its unit, the same in both languages.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Counter::Cwnd | Counter::Unacked | Counter::Retransmitted => "seg",
            Counter::Rtt => "µs",
            Counter::Acked | Counter::Received => "B",
        }
    }

    /// Its value, where the kernel's structure reaches it.
    pub(crate) fn of(self, info: &TcpInfo) -> Option<u64> {
        match self {
            Counter::Cwnd => info.snd_cwnd.map(u64::from),
            Counter::Rtt => info.rtt_us.map(u64::from),
            Counter::Unacked => info.unacked.map(u64::from),
            Counter::Acked => info.bytes_acked,
            Counter::Received => info.bytes_received,
            Counter::Retransmitted => info.total_retrans.map(u64::from),
        }
    }
}

/// A line, ready to be drawn.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Line {
    /// `x,y x,y …`: a value holds until the next one.
    pub(crate) points: String,
    pub(crate) last: u64,
    pub(crate) most: u64,
}

/// The line of a counter; `None` if it was never seen.
pub(crate) fn line(samples: &[(u64, TcpInfo)], counter: Counter) -> Option<Line> {
    let values: Vec<(u64, u64)> =
        samples.iter().filter_map(|(at, info)| Some((*at, counter.of(info)?))).collect();
    let (first, last) = (*values.first()?, *values.last()?);
    let most = values.iter().map(|(_, value)| *value).max()?;
    let span = (last.0 - first.0).max(1) as f64;
    let x = |at: u64| (at - first.0) as f64 / span * WIDTH;
    let y = |value: u64| HEIGHT - value as f64 / most.max(1) as f64 * HEIGHT;
    let mut points = Vec::new();
    let mut before = None;
    for (at, value) in values {
        if let Some(before) = before.filter(|before| *before != value) {
            points.push(format!("{:.1},{:.1}", x(at), y(before)));
        }
        if before != Some(value) || at == last.0 {
            points.push(format!("{:.1},{:.1}", x(at), y(value)));
        }
        before = Some(value);
    }
    if points.len() == 1 {
        points.push(format!("{WIDTH:.1},{:.1}", y(last.1)));
    }
    Some(Line { points: points.join(" "), last: last.1, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(cwnd: u32) -> TcpInfo {
        TcpInfo { snd_cwnd: Some(cwnd), ..TcpInfo::default() }
    }

    #[test]
    fn a_value_holds_until_the_next() {
        let samples = [(0, info(10)), (50, info(10)), (100, info(20))];
        let line = line(&samples, Counter::Cwnd).expect("seen");
        assert_eq!(line.points, "0.0,36.0 480.0,36.0 480.0,0.0");
        assert_eq!((line.last, line.most), (20, 20));
    }

    #[test]
    fn what_the_kernel_does_not_tell_has_no_line() {
        assert_eq!(line(&[(0, info(10))], Counter::Rtt), None);
        assert_eq!(line(&[], Counter::Cwnd), None);
    }
}
