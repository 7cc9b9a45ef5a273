//! Counters in Prometheus' text format: <https://prometheus.io/docs/instrumenting/exposition_formats>.

use abi::Errno;
use abi::message::Rule;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// What is counted, over all sessions since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    sessions: AtomicI64,
    sessions_total: AtomicU64,
    sockets: AtomicI64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    dropped: AtomicU64,
    calls: Mutex<BTreeMap<(&'static str, i32), u64>>,
    denied: Mutex<BTreeMap<Rule, u64>>,
    refused: Mutex<BTreeMap<u16, u64>>,
}

fn count<K: Ord>(map: &Mutex<BTreeMap<K, u64>>, key: K) {
    *map.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
}

impl Metrics {
    pub(crate) fn session_began(&self) {
        self.sessions.fetch_add(1, Relaxed);
        self.sessions_total.fetch_add(1, Relaxed);
    }

    pub(crate) fn session_ended(&self) {
        self.sessions.fetch_sub(1, Relaxed);
    }

    /// Sessions now.
    pub fn sessions(&self) -> i64 {
        self.sessions.load(Relaxed)
    }

    pub(crate) fn sockets(&self, more: i64) {
        self.sockets.fetch_add(more, Relaxed);
    }

    /// Open handles now.
    pub fn open_sockets(&self) -> i64 {
        self.sockets.load(Relaxed)
    }

    pub(crate) fn bytes_in(&self, n: u64) {
        self.bytes_in.fetch_add(n, Relaxed);
    }

    pub(crate) fn bytes_out(&self, n: u64) {
        self.bytes_out.fetch_add(n, Relaxed);
    }

    pub(crate) fn dropped(&self) {
        self.dropped.fetch_add(1, Relaxed);
    }

    pub(crate) fn call(&self, name: &'static str, errno: Option<Errno>) {
        count(&self.calls, (name, errno.map_or(0, |errno| errno.0)));
    }

    pub(crate) fn denied(&self, rule: Rule) {
        count(&self.denied, rule);
    }

    /// A request that the boundary refused, by its status.
    pub(crate) fn refused(&self, status: u16) {
        count(&self.refused, status);
    }

    /// Everything, in the text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut plain = |name: &str, kind: &str, help: &str, value: i128| {
            let _ = write!(
                text,
                "# HELP soquete_{name} {help}\n# TYPE soquete_{name} {kind}\n\
                 soquete_{name} {value}\n"
            );
        };
        let read = |counter: &AtomicU64| i128::from(counter.load(Relaxed));
        plain("sessions", "gauge", "Sessions now.", self.sessions().into());
        plain("sessions_total", "counter", "Sessions.", read(&self.sessions_total));
        plain("sockets", "gauge", "Open handles now.", self.open_sockets().into());
        plain("received_bytes_total", "counter", "Bytes received.", read(&self.bytes_in));
        plain("sent_bytes_total", "counter", "Bytes sent.", read(&self.bytes_out));
        plain("dropped_total", "counter", "Stream messages dropped.", read(&self.dropped));
        let mut table = |name: &str, help: &str, rows: Vec<(String, u64)>| {
            let _ = write!(
                text,
                "# HELP soquete_{name}_total {help}\n# TYPE soquete_{name}_total counter\n"
            );
            for (labels, value) in rows {
                let _ = writeln!(text, "soquete_{name}_total{{{labels}}} {value}");
            }
        };
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = calls.iter().map(|((name, errno), value)| {
            let errno = if *errno == 0 { "" } else { Errno(*errno).name() };
            (format!("call=\"{name}\",errno=\"{errno}\""), *value)
        });
        table("calls", "Calls made, by name and errno.", rows.collect());
        let denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = denied.iter().map(|(rule, value)| {
            let rule = serde_json::to_string(rule).unwrap_or_default();
            (format!("rule={rule}"), *value)
        });
        table("denied", "Calls refused by the bridge, by rule.", rows.collect());
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = refused.iter().map(|(status, value)| (format!("status=\"{status}\""), *value));
        table("refused", "Requests refused at the boundary, by status.", rows.collect());
        text
    }
}
