//! What can be taken out of the page as files, made from a run and its texts.

use crate::link::Document;
use crate::session::Run;
use crate::state::Source;
use sim::inspect;

/// A file to be saved.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) mime: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// What kinds of files there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Pcapng,
    Svg,
    Png,
    Json,
    Strace,
    Zip,
    Document,
}

impl Kind {
    /// All of them, as they are offered.
    pub(crate) const ALL: [Kind; 7] =
        [Kind::Pcapng, Kind::Svg, Kind::Png, Kind::Json, Kind::Strace, Kind::Zip, Kind::Document];
}

/// Names of a run's hosts.
fn hosts(run: &Run) -> Vec<String> {
    run.timeline.scenario().hosts.iter().map(|host| host.name.clone()).collect()
}

/// The sequence diagram of the whole run.
pub(crate) fn svg(run: &Run) -> String {
    inspect::svg(&inspect::ladder(run.timeline.records()), &hosts(run))
}

/// Moments of a sequence diagram that fit on a sheet of A4.
const MOMENTS_A_SHEET: usize = 38;

/// The same cut into sheets.
pub(crate) fn svg_pages(run: &Run) -> Vec<String> {
    inspect::svg_pages(&inspect::ladder(run.timeline.records()), &hosts(run), MOMENTS_A_SHEET)
}

/// A file of this kind; a PNG is its SVG, which only a browser can paint.
pub(crate) fn file(
    kind: Kind,
    base: &str,
    run: &Run,
    sources: &[Source],
    scenario: &str,
    document: &Document,
) -> File {
    let records = run.timeline.records();
    let made = |ending: &str, mime: &'static str, bytes: Vec<u8>| File {
        name: format!("{base}{ending}"),
        mime,
        bytes,
    };
    match kind {
        Kind::Pcapng => {
            made(".pcapng", "application/x-pcapng", inspect::pcapng(&hosts(run), records))
        }
        Kind::Svg => made(".svg", "image/svg+xml", svg(run).into_bytes()),
        Kind::Png => made(".png", "image/png", svg(run).into_bytes()),
        Kind::Json => {
            let names = hosts(run);
            let line = |record: &sim::trace::Record| {
                let host = names.get(record.host.0 as usize).map_or("", String::as_str);
                inspect::json_line(record, host).map(|line| line + "\n")
            };
            made(
                ".jsonl",
                "application/jsonl",
                records.filter_map(line).collect::<String>().into_bytes(),
            )
        }
        Kind::Strace => {
            made(".strace", "text/plain", inspect::strace_text(&hosts(run), records).into_bytes())
        }
        Kind::Zip => {
            let mut files: Vec<(&str, &[u8])> =
                sources.iter().map(|s| (s.name.as_str(), s.text.as_bytes())).collect();
            files.push(("scenario.toml", scenario.as_bytes()));
            made(".zip", "application/zip", zip(&files))
        }
        Kind::Document => {
            let json = serde_json::to_string_pretty(document).unwrap_or_default();
            made(".soquete.json", "application/json", json.into_bytes())
        }
    }
}

/// One program as it is.
pub(crate) fn source(source: &Source) -> File {
    File { name: source.name.clone(), mime: "text/x-c", bytes: source.text.clone().into_bytes() }
}

/// A ZIP archive without compression (PKWARE's APPNOTE 6.3, stored files, names in UTF-8).
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    const UTF8: u16 = 1 << 11;
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let offset = out.len() as u32;
        // Version 2.0, UTF-8 names, stored, 1980-01-01 (day 1 of month 1).
        let mut header = Vec::new();
        for word in [20, UTF8, 0, 0, 1 << 5 | 1] {
            header.extend(word.to_le_bytes());
        }
        let length = (bytes.len() as u32).to_le_bytes();
        header.extend(crc32(bytes).to_le_bytes());
        header.extend(length);
        header.extend(length);
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&header);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&header);
        // No comment, disk 0, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size, count) = (out.len() as u32, directory.len() as u32, files.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// The checksum of ZIP and Ethernet.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_kind_has_its_first_bytes() {
        let run = testing::echo();
        let sources = crate::lessons::sources(0);
        let document = Document::default();
        let make = |kind| file(kind, "echo", &run, &sources, "seed = 1\n", &document);
        assert_eq!(make(Kind::Pcapng).bytes[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
        assert!(make(Kind::Svg).bytes.starts_with(b"<svg "));
        assert!(make(Kind::Zip).bytes.starts_with(b"PK\x03\x04"));
        let text = |kind| String::from_utf8(make(kind).bytes).unwrap();
        assert!(text(Kind::Strace).contains("servidor[2] accept(3, "));
        assert!(text(Kind::Strace).lines().all(|line| line.contains("] ")));
        for line in text(Kind::Json).lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
        assert_eq!(serde_json::from_str::<Document>(&text(Kind::Document)).unwrap(), document);
        for kind in Kind::ALL {
            assert!(make(kind).name.starts_with("echo."));
        }
    }
}
