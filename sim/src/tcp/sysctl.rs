//! [`Config`] by the names of `sysctl(8)`.
//!
//! What to read: `tcp(7)`, the kernel's `Documentation/networking/ip-sysctl.rst`.

use super::{Algorithm, Config, MS, SECOND};

/// What setting one came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// The host behaves so from now on.
    Done,
    /// There is such a setting, and the simulator has what it chooses only in this one way.
    Fixed,
    /// It is not modelled.
    NotModelled,
    /// The value is no value of it.
    BadValue,
}

/// The settings that change something, without `net.ipv4.` or `net.core.`.
pub const SYSCTLS: [&str; 28] = [
    "tcp_syn_retries",
    "tcp_syn_linear_timeouts",
    "tcp_synack_retries",
    "tcp_retries2",
    "tcp_orphan_retries",
    "tcp_fin_timeout",
    "tcp_keepalive_time",
    "tcp_keepalive_intvl",
    "tcp_keepalive_probes",
    "tcp_rmem",
    "tcp_wmem",
    "rmem_max",
    "wmem_max",
    "somaxconn",
    "tcp_abort_on_overflow",
    "tcp_sack",
    "tcp_timestamps",
    "tcp_window_scaling",
    "tcp_congestion_control",
    "tcp_rto_min_us",
    "tcp_rto_max_ms",
    "tcp_slow_start_after_idle",
    "tcp_frto",
    "tcp_early_retrans",
    "tcp_invalid_ratelimit",
    "tcp_moderate_rcvbuf",
    "tcp_min_tso_segs",
    "tcp_reordering",
];

/// Settings that exist with one value only, which is the one named here.
const FIXED: [(&str, &[&str]); 11] = [
    ("tcp_dsack", &["1"]),
    ("tcp_fack", &["0"]),
    ("tcp_recovery", &["1"]),
    ("tcp_ecn", &["0", "2"]),
    ("tcp_adv_win_scale", &["1"]),
    ("tcp_app_win", &["31"]),
    ("tcp_tso_win_divisor", &["3"]),
    ("tcp_pacing_ss_ratio", &["200"]),
    ("tcp_pacing_ca_ratio", &["120"]),
    ("tcp_notsent_lowat", &["4294967295"]),
    // Cookies are for floods, which nobody has here.
    ("tcp_syncookies", &["0", "1"]),
];

impl Config {
    /// Sets one, as `sysctl -w NAME=VALUE` does; `net.ipv4.` and `net.core.` may be left out.
    pub fn set(&mut self, name: &str, value: &str) -> Setting {
        let name = name.strip_prefix("net.ipv4.").unwrap_or(name);
        let name = name.strip_prefix("net.core.").unwrap_or(name);
        if let Some((_, values)) = FIXED.iter().find(|(fixed, _)| *fixed == name) {
            let here = values.contains(&value.trim());
            return if here { Setting::Fixed } else { Setting::NotModelled };
        }
        if !SYSCTLS.contains(&name) {
            return Setting::NotModelled;
        }
        match self.set_known(name, value.trim()) {
            Some(()) => Setting::Done,
            None => Setting::BadValue,
        }
    }

    fn set_known(&mut self, name: &str, value: &str) -> Option<()> {
        let number = |text: &str| text.parse::<u32>().ok();
        let flag = || number(value).map(|number| number != 0);
        let scaled = |unit: u64| number(value).map(|number| u64::from(number) * unit);
        let three = || {
            let mut words = value.split_whitespace().map(number);
            Some([words.next()??, words.next()??, words.next()??])
        };
        match name {
            "tcp_syn_retries" => self.syn_retries = number(value)?,
            "tcp_syn_linear_timeouts" => self.syn_linear_timeouts = number(value)?,
            "tcp_synack_retries" => self.synack_retries = number(value)?,
            "tcp_retries2" => self.retries2 = number(value)?,
            "tcp_orphan_retries" => self.orphan_retries = number(value)?,
            "tcp_fin_timeout" => self.fin_timeout_ns = scaled(SECOND)?,
            "tcp_keepalive_time" => self.keepalive_time_ns = scaled(SECOND)?,
            "tcp_keepalive_intvl" => self.keepalive_intvl_ns = scaled(SECOND)?,
            "tcp_keepalive_probes" => self.keepalive_probes = number(value)?,
            "tcp_rmem" => self.rmem = three()?,
            "tcp_wmem" => self.wmem = three()?,
            "rmem_max" => self.rmem_max = number(value)?,
            "wmem_max" => self.wmem_max = number(value)?,
            "somaxconn" => self.somaxconn = number(value)?,
            "tcp_abort_on_overflow" => self.abort_on_overflow = flag()?,
            "tcp_sack" => self.sack = flag()?,
            "tcp_timestamps" => self.timestamps = flag()?,
            "tcp_window_scaling" => self.window_scaling = flag()?,
            "tcp_congestion_control" => self.congestion = Algorithm::from_name(value)?,
            "tcp_rto_min_us" => self.rto_min_ns = scaled(1000)?,
            "tcp_rto_max_ms" => self.rto_max_ns = scaled(MS)?,
            "tcp_slow_start_after_idle" => self.slow_start_after_idle = flag()?,
            "tcp_frto" => self.frto = flag()?,
            "tcp_early_retrans" => self.early_retrans = number(value)? >= 3,
            "tcp_invalid_ratelimit" => self.invalid_ratelimit_ns = scaled(MS)?,
            "tcp_moderate_rcvbuf" => self.moderate_rcvbuf = flag()?,
            "tcp_min_tso_segs" => self.min_tso_segs = number(value)?.max(1),
            "tcp_reordering" => self.reordering = number(value)?,
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_offered_sets_something() {
        for name in SYSCTLS {
            let value = match name {
                "tcp_rmem" | "tcp_wmem" => "1 2 3",
                "tcp_congestion_control" => "reno",
                _ => "7",
            };
            assert_eq!(Config::default().set(name, value), Setting::Done, "{name}");
            assert_eq!(Config::default().set(name, "?"), Setting::BadValue, "{name}");
        }
        assert_eq!(Config::default().set("net.ipv4.tcp_ecn", "1"), Setting::NotModelled);
        assert_eq!(Config::default().set("net.ipv4.tcp_dsack", "1"), Setting::Fixed);
    }
}
