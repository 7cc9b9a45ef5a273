//! A connection over time: congestion window, round-trip time, bytes on their way, queues.

use crate::model::course::Course;
use sim::inspect;
use sim::tcp::{Event, State};
use sim::trace::{Record, What};
use sim::world::World;

/// A connection's numbers at a moment.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) moment: usize,
    pub(crate) t_ns: u64,
    /// Bytes.
    pub(crate) cwnd: f64,
    /// Bytes; `None` while it is infinite.
    pub(crate) ssthresh: Option<f64>,
    /// Sent and not acknowledged, bytes.
    pub(crate) flight: f64,
    /// Milliseconds; 0 before the first measurement.
    pub(crate) rtt_ms: f64,
    pub(crate) rto_ms: f64,
    /// Bytes.
    pub(crate) send_queue: f64,
    pub(crate) receive_queue: f64,
    /// What waits for links with a limit; `None` where there is none.
    pub(crate) link_queue: Option<f64>,
    /// The peer's window, bytes.
    pub(crate) window: f64,
}

/// Something that happened to a connection and that its lines alone do not tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MarkKind {
    Retransmit,
    Timeout,
    Recovery,
    ZeroWindow,
}

/// When.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Mark {
    pub(crate) t_ns: u64,
    pub(crate) kind: MarkKind,
}

/// What the trace tells of a connection: a sample whenever one of its numbers changed, and marks.
/// `mss` makes bytes of segments.
pub(crate) fn traced<'a>(
    records: impl Iterator<Item = &'a Record>,
    course: &Course,
    host: usize,
    sock: u32,
    mss: f64,
) -> (Vec<Sample>, Vec<Mark>) {
    let (mut samples, mut marks) = (Vec::new(), Vec::new());
    for record in records.filter(|record| record.host.0 as usize == host) {
        let What::Tcp { socket, event } = &record.what else { continue };
        if socket.0 != sock {
            continue;
        }
        let kind = match event {
            Event::Sample(point) => {
                let moment = course.moments.partition_point(|m| m.position <= record.step + 1);
                samples.push(Sample {
                    moment: moment.saturating_sub(1),
                    t_ns: record.t_ns,
                    cwnd: f64::from(point.cwnd) * mss,
                    ssthresh: point.ssthresh.map(|value| f64::from(value) * mss),
                    flight: f64::from(point.in_flight) * mss,
                    rtt_ms: f64::from(point.srtt_us) / 1e3,
                    rto_ms: f64::from(point.rto_us) / 1e3,
                    ..Sample::default()
                });
                continue;
            }
            Event::Retransmit { .. } => MarkKind::Retransmit,
            Event::EnterLoss { .. } => MarkKind::Timeout,
            Event::EnterRecovery { .. } => MarkKind::Recovery,
            Event::ZeroWindow => MarkKind::ZeroWindow,
            _ => continue,
        };
        marks.push(Mark { t_ns: record.t_ns, kind });
    }
    (samples, marks)
}

/// A connection's maximum segment size, bytes, where it is known.
pub(crate) fn mss(world: &World, host: usize, sock: u32) -> Option<f64> {
    let rows = inspect::sockets(world);
    let row =
        rows.iter().find(|r| r.host.0 as usize == host && r.id.is_some_and(|id| id.0 == sock))?;
    row.info.as_ref().map(|info| f64::from(info.snd_mss))
}

/// Samples at most: more than there are pixels between them only cost time.
const MOST: usize = 240;

/// The moments at which a host's connections may have changed: packets that it sent or received.
pub(crate) fn moments(course: &Course, host: usize) -> Vec<usize> {
    let mut moments: Vec<usize> = Vec::new();
    for packet in &course.packets {
        if packet.from == host {
            moments.push(packet.moment);
        }
        if let (true, Some((moment, _))) = (packet.to == host, packet.ended) {
            moments.push(moment);
        }
    }
    moments.sort_unstable();
    moments.dedup();
    moments.retain(|moment| *moment < course.moments.len());
    let step = moments.len().div_ceil(MOST).max(1);
    moments.into_iter().step_by(step).collect()
}

/// The numbers of a socket in a world; `None` while it is no connection.
pub(crate) fn sample(
    world: &World,
    host: usize,
    sock: u32,
    moment: usize,
    t_ns: u64,
) -> Option<Sample> {
    let rows = inspect::sockets(world);
    let row =
        rows.iter().find(|r| r.host.0 as usize == host && r.id.is_some_and(|id| id.0 == sock))?;
    let info = row.info.as_ref().filter(|_| row.state.is_some_and(|s| s != State::Listen))?;
    let mss = f64::from(info.snd_mss.max(1));
    Some(Sample {
        moment,
        t_ns,
        cwnd: f64::from(info.snd_cwnd) * mss,
        ssthresh: (info.snd_ssthresh < i32::MAX as u32).then(|| f64::from(info.snd_ssthresh) * mss),
        flight: f64::from(info.unacked)
            * mss.min(row.send.used as f64 / f64::from(info.unacked.max(1))),
        rtt_ms: f64::from(info.rtt_us) / 1e3,
        rto_ms: f64::from(info.rto_us) / 1e3,
        send_queue: row.send.used as f64,
        receive_queue: row.receive.used as f64,
        link_queue: link_queue(world),
        window: f64::from(info.snd_wnd),
    })
}

/// Bytes that wait for links which are slower than their senders.
fn link_queue(world: &World) -> Option<f64> {
    let links = inspect::links(world).into_iter().filter(|link| link.params.rate_bps > 0);
    links.map(|link| link.queued_bytes.iter().sum::<u64>() as f64).reduce(|a, b| a + b)
}

/// A line of a chart: its style, its name's key, its values.
pub(crate) type Series = (&'static str, &'static str, fn(&Sample) -> Option<f64>);

/// A chart: the unit and its lines.
pub(crate) struct Chart {
    pub(crate) unit: Unit,
    pub(crate) series: &'static [Series],
}

/// What an axis counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    Bytes,
    Milliseconds,
}

/// The three charts, under each other.
pub(crate) const CHARTS: [Chart; 3] = [
    Chart {
        unit: Unit::Bytes,
        series: &[
            ("cwnd", "cwnd", |s| Some(s.cwnd)),
            ("ssthresh", "ssthresh", |s| s.ssthresh),
            ("flight", "in flight", |s| Some(s.flight)),
        ],
    },
    Chart {
        unit: Unit::Milliseconds,
        series: &[
            ("rtt", "RTT", |s| (s.rtt_ms > 0.0).then_some(s.rtt_ms)),
            ("rto", "RTO", |s| Some(s.rto_ms)),
        ],
    },
    Chart {
        unit: Unit::Bytes,
        series: &[
            ("sendq", "Send-Q", |s| Some(s.send_queue)),
            ("recvq", "Recv-Q", |s| Some(s.receive_queue)),
            ("window", "rwnd", |s| Some(s.window)),
            ("linkq", "link queue", |s| s.link_queue),
        ],
    },
];

/// The end of an axis that holds `most`: 1, 2 or 5 times a power of ten.
pub(crate) fn nice(most: f64) -> f64 {
    if most <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(most.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|end| *end >= most).unwrap_or(most)
}

/// A value's text: `14,6 kB`, `35 ms` with a point; the view puts the language's sign.
pub(crate) fn label(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Milliseconds if value >= 1000.0 => format!("{} s", trim(value / 1000.0)),
        Unit::Milliseconds => format!("{} ms", trim(value)),
        Unit::Bytes if value >= 1e6 => format!("{} MB", trim(value / 1e6)),
        Unit::Bytes if value >= 1e3 => format!("{} kB", trim(value / 1e3)),
        Unit::Bytes => format!("{} B", trim(value)),
    }
}

fn trim(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A stepped line through the samples: values hold until the next one.
pub(crate) fn path(
    samples: &[Sample],
    value: fn(&Sample) -> Option<f64>,
    x: impl Fn(u64) -> f64,
    y: impl Fn(f64) -> f64,
) -> String {
    let mut text = String::new();
    let mut before = None::<f64>;
    for sample in samples {
        match (value(sample), before) {
            (Some(now), None) => text += &format!("M{:.1} {:.1}", x(sample.t_ns), y(now)),
            (Some(now), Some(_)) => text += &format!("H{:.1}V{:.1}", x(sample.t_ns), y(now)),
            (None, _) => {}
        }
        before = value(sample);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        assert_eq!(nice(0.0), 1.0);
        assert_eq!(nice(14_600.0), 20_000.0);
        assert_eq!(nice(51.0), 100.0);
        assert_eq!(label(Unit::Bytes, 14_600.0), "14.6 kB");
        assert_eq!(label(Unit::Milliseconds, 200.0), "200 ms");
    }

    #[test]
    fn a_line_holds_its_value_until_the_next_sample() {
        let samples = [
            Sample { t_ns: 0, cwnd: 1.0, ..Sample::default() },
            Sample { t_ns: 10, cwnd: 2.0, ..Sample::default() },
        ];
        let line = path(&samples, |s| Some(s.cwnd), |t| t as f64, |v| v);
        assert_eq!(line, "M0.0 1.0H10.0V2.0");
    }
}
