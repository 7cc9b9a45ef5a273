//! Which programs run on real sockets, and with which arguments.
//!
//! On this computer every host of the lesson is one: its names and addresses become 127.0.0.1.

use crate::lessons::split;
use crate::state::{Program, Source};
use std::net::IpAddr;

/// What a person has filled in about the other end.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Setup {
    /// All programs on this computer; otherwise one against a server.
    pub(crate) here: bool,
    pub(crate) host: String,
    pub(crate) port: String,
    /// Of the one program.
    pub(crate) args: String,
    /// The one program; `None`: the likely one.
    pub(crate) source: Option<usize>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            here: false,
            host: "127.0.0.1".to_owned(),
            port: "80".to_owned(),
            args: HOST_PORT.to_owned(),
            source: None,
        }
    }
}

impl Setup {
    /// The port's number, if it is one.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port.trim().parse().ok().filter(|port| *port > 0)
    }
}

/// A program that will run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Planned {
    pub(crate) file: String,
    pub(crate) args: Vec<String>,
}

/// A row of the plan: a program of the lesson.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) host: String,
    /// As a person writes them.
    pub(crate) args: String,
    /// Whether it runs.
    pub(crate) on: bool,
}

/// All programs of the lesson on this computer.
pub(crate) fn here(programs: &[Program]) -> Vec<Row> {
    let row = |program: &Program| Row {
        file: program.file.clone(),
        host: program.host_name.clone(),
        args: on_loopback(&program.args, programs),
        on: true,
    };
    programs.iter().map(row).collect()
}

/// The rows that run.
pub(crate) fn planned(rows: &[Row]) -> Vec<Planned> {
    let chosen = rows.iter().filter(|row| row.on);
    chosen.map(|row| Planned { file: row.file.clone(), args: split(&row.args) }).collect()
}

/// The arguments with this computer for every host of the lesson.
fn on_loopback(args: &str, programs: &[Program]) -> String {
    let is_host = |word: &str| {
        programs.iter().any(|program| program.host_name == word)
            || word.parse::<IpAddr>().is_ok_and(|ip| is_of_lesson(&ip))
    };
    let words = args.split(' ').map(|word| if is_host(word) { "127.0.0.1" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// 10.0.0.0/16, which hosts of lessons get.
fn is_of_lesson(ip: &IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.octets()[..2] == [10, 0])
}

/// Addresses in the programs' texts that only the simulated network has.
pub(crate) fn unreachable(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for part in source.text.split('"').skip(1).step_by(2) {
            if part.parse::<IpAddr>().is_ok_and(|ip| is_of_lesson(&ip)) {
                let text = format!("{}: {part}", source.name);
                if !found.contains(&text) {
                    found.push(text);
                }
            }
        }
    }
    found
}

/// The program that is most likely the client.
pub(crate) fn client(sources: &[Source]) -> usize {
    let connects = |text: &str| text.contains("connect(") || text.contains("sendto(");
    let listens = |text: &str| text.contains("listen(") || text.contains("bind(");
    let likely = |source: &Source| connects(&source.text) && !listens(&source.text);
    sources.iter().position(likely).unwrap_or(0)
}

/// A real server to try: what it is called, where it usually is, the lesson about it.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) lesson: &'static str,
    /// The arguments of the lesson's program.
    pub(crate) args: &'static str,
}

/// Host and port, as most clients take them.
pub(crate) const HOST_PORT: &str = "{host} {port}";

/// The arguments of a client for a server.
pub(crate) fn filled(args: &str, host: &str, port: &str) -> Vec<String> {
    split(&args.replace("{host}", host).replace("{port}", port))
}

/// Servers that a course meets.
pub(crate) const PRESETS: [Preset; 4] = [
    Preset { name: "nginx (HTTP)", port: 80, lesson: "http", args: HOST_PORT },
    Preset { name: "redis", port: 6379, lesson: "database", args: HOST_PORT },
    Preset { name: "DNS", port: 53, lesson: "dns", args: "{host} localhost {port}" },
    Preset { name: "ssh", port: 22, lesson: "ssh-banner", args: HOST_PORT },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_server_has_its_lesson() {
        for preset in &PRESETS {
            assert!(crate::lessons::number(preset.lesson).is_some(), "{}", preset.lesson);
        }
    }

    fn program(host: &str, args: &str) -> Program {
        let (file, host_name, args) = (format!("{host}.c"), host.to_owned(), args.to_owned());
        Program { file, host: 0, host_name, args }
    }

    #[test]
    fn hosts_of_the_lesson_are_this_computer() {
        let programs = [program("servidor", "7000"), program("ana", "servidor 7000 10.0.0.1 ola")];
        let rows = here(&programs);
        assert_eq!(rows[0].args, "7000");
        assert_eq!(rows[1].args, "127.0.0.1 7000 127.0.0.1 ola");
        let plan = planned(&[rows[0].clone(), Row { on: false, ..rows[1].clone() }]);
        assert_eq!(
            plan,
            [Planned { file: "servidor.c".to_owned(), args: vec!["7000".to_owned()] }]
        );
    }

    #[test]
    fn addresses_in_a_text_that_only_the_simulation_has_are_named() {
        let text = r#"inet_pton(AF_INET, "10.0.0.1", &a); x("127.0.0.1"); y("10.0.0.1");"#;
        let source = Source {
            name: "c.c".to_owned(),
            text: text.to_owned(),
            original: String::new(),
            breakpoints: Vec::new(),
        };
        assert_eq!(unreachable(&[source]), ["c.c: 10.0.0.1"]);
    }
}
