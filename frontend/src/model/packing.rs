//! A document as a short text, for links: records with a letter each, compressed.
//!
//! The programs come last: a link that was cut off still has everything before the cut. Version 1
//! was JSON, deflated by the browser; it is still read.

use crate::i18n::Msg;
use crate::link::Document;
use crate::model::squeeze::{release, squeeze};
use abi::Lang;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use std::collections::BTreeMap;

/// Separates records; a program that has one loses it.
const RECORD: char = '\x1e';
/// Base64 that forgives the unused bits of the last character.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// What a link holds after its version.
pub(crate) fn pack(document: &Document) -> String {
    URL_SAFE_NO_PAD.encode(squeeze(&encode(document)))
}

/// The document of such a text, and what is wrong with the text. Whatever could be read is there.
pub(crate) fn unpack(packed: &str) -> (Document, Vec<Msg>) {
    // What mail programs add at the end is no part of it.
    let packed =
        packed.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    // A cut in the middle of a group of four leaves characters that are no whole byte.
    let bytes = (0..4).find_map(|cut| {
        let end = packed.len().checked_sub(cut)?;
        LENIENT.decode(packed.get(..end)?).ok()
    });
    let Some(bytes) = bytes else { return (Document::default(), vec![Msg::LinkDamaged]) };
    let (text, whole) = release(&bytes);
    let (document, mut wrong) = decode(&text);
    if !whole && !wrong.contains(&Msg::LinkCut) {
        wrong.push(Msg::LinkDamaged);
    }
    (document, wrong)
}

/// The records of a document.
pub(crate) fn encode(document: &Document) -> String {
    let mut records = Vec::new();
    if !document.lesson.is_empty() {
        records.push(format!("L{}", document.lesson));
    }
    if document.step > 0 {
        records.push(format!("P{}", document.step));
    }
    if let Some(lang) = document.lang {
        records.push(format!("G{}", lang.tag()));
    }
    records.extend(document.view.iter().map(|view| format!("V{view}")));
    records.extend(document.args.iter().map(|(number, args)| format!("A{number} {args}")));
    for (name, lines) in document.breakpoints.iter().filter(|(_, lines)| !lines.is_empty()) {
        let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
        records.push(format!("B{name}\n{}", lines.join(",")));
    }
    for (host, (x, y)) in &document.places {
        records.push(format!("H{host} {x:.3} {y:.3}"));
    }
    if !document.inputs.is_empty() {
        records.extend(serde_json::to_string(&document.inputs).map(|json| format!("I{json}")));
    }
    records.extend(document.scenario.iter().map(|text| format!("S{text}")));
    for (name, text) in &document.files {
        records.push(format!("F{name}\n{}", text.replace(RECORD, "")));
    }
    // The last record ends too, so that a cut is seen.
    records.iter().map(|record| format!("{record}{RECORD}")).collect()
}

/// The document of such records, and what is wrong with them.
pub(crate) fn decode(text: &str) -> (Document, Vec<Msg>) {
    let mut document = Document::default();
    let mut wrong = Vec::new();
    let cut = !text.is_empty() && !text.ends_with(RECORD);
    for record in text.split(RECORD).filter(|record| !record.is_empty()) {
        let mut chars = record.chars();
        let (tag, rest) = (chars.next().unwrap_or_default(), chars.as_str());
        if !take(&mut document, tag, rest) {
            wrong.push(Msg::LinkRecord { tag: tag.to_string() });
        }
    }
    if cut {
        wrong.push(Msg::LinkCut);
    }
    (document, wrong)
}

fn take(document: &mut Document, tag: char, rest: &str) -> bool {
    let pair = |separator: char| rest.split_once(separator);
    match tag {
        'L' => document.lesson = rest.to_owned(),
        'P' => match rest.parse() {
            Ok(step) => document.step = step,
            Err(_) => return false,
        },
        'G' => document.lang = Lang::ALL.into_iter().find(|lang| lang.tag() == rest),
        'V' => document.view = Some(rest.to_owned()),
        'A' => {
            let parsed = pair(' ').and_then(|(n, args)| Some((n.parse().ok()?, args.to_owned())));
            let Some((number, args)) = parsed else { return false };
            document.args.insert(number, args);
        }
        'B' => {
            let Some((name, lines)) = pair('\n') else { return false };
            let lines = lines.split(',').filter_map(|line| line.parse().ok()).collect();
            document.breakpoints.insert(name.to_owned(), lines);
        }
        'H' => {
            let mut numbers = rest.split(' ');
            let mut next = || numbers.next();
            let parsed =
                (|| Some((next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?)))();
            let Some((host, x, y)) = parsed else { return false };
            document.places.insert(host, (x, y));
        }
        'I' => match serde_json::from_str(rest) {
            Ok(inputs) => document.inputs = inputs,
            Err(_) => return false,
        },
        'S' => document.scenario = Some(rest.to_owned()),
        'F' => {
            let Some((name, text)) = pair('\n') else { return false };
            document.files.insert(name.to_owned(), text.to_owned());
        }
        _ => return false,
    }
    true
}

/// The document of version 1's JSON.
pub(crate) fn decode_json(text: &str) -> (Document, Vec<Msg>) {
    match serde_json::from_str::<Document>(text) {
        Ok(document) => (document, Vec::new()),
        Err(_) => {
            // What can be had of it: single members, whatever the rest is.
            let value = serde_json::from_str::<BTreeMap<String, serde_json::Value>>(text);
            let mut document = Document::default();
            for (name, value) in value.unwrap_or_default() {
                match name.as_str() {
                    "lesson" => document.lesson = value.as_str().unwrap_or_default().to_owned(),
                    "files" => document.files = serde_json::from_value(value).unwrap_or_default(),
                    "step" => document.step = serde_json::from_value(value).unwrap_or_default(),
                    _ => {}
                }
            }
            (document, vec![Msg::LinkCut])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SERVER: &str = include_str!("testdata/server.c");
    const CLIENT: &str = include_str!("testdata/client.c");

    fn own() -> Document {
        Document {
            files: [("server.c", SERVER), ("client.c", CLIENT)]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
            step: 31,
            lang: Some(Lang::PtBr),
            args: [(1, "server".to_owned())].into(),
            ..Document::default()
        }
    }

    #[test]
    fn two_programs_of_a_kilobyte_fit_into_700_characters() {
        assert!(SERVER.len() >= 1000 && CLIENT.len() >= 1000, "{} {}", SERVER.len(), CLIENT.len());
        let packed = pack(&own());
        assert!(packed.len() <= 500, "{}", packed.len());
        assert_eq!(unpack(&packed), (own(), vec![]));
        assert_eq!(unpack(&format!("{packed}).")), (own(), vec![]), "as mail programs leave it");
    }

    #[test]
    fn a_link_cut_anywhere_opens_what_there_is() {
        let packed = pack(&own());
        let mut files = 0;
        for cut in (1..packed.len()).step_by(41) {
            let (document, wrong) = unpack(&packed[..cut]);
            assert!(!wrong.is_empty(), "{cut}");
            files = files.max(document.files.len());
            if cut > packed.len() * 2 / 3 {
                assert_eq!(document.files["client.c"], CLIENT);
                assert_eq!(document.step, 31);
            }
        }
        assert_eq!(files, 2);
    }

    #[test]
    fn a_link_of_the_first_version_opens() {
        let json = r#"{"lesson":"echo","files":{"cliente.c":"int main(void) {}"},"step":7,"lang":"pt-BR"}"#;
        let (document, wrong) = decode_json(json);
        assert_eq!((document.lesson.as_str(), document.step, wrong.len()), ("echo", 7, 0));
        let old = r#"{"lesson":"echo","files":{"a.c":"x"},"args":"?"}"#;
        let (document, wrong) = decode_json(old);
        assert_eq!((document.files.len(), wrong.len()), (1, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// Any text is some document; a document is itself again.
        #[test]
        fn nothing_in_a_link_panics(text in "\\PC*|[\\x00-\\x7f]*|[A-Za-z0-9_-]*") {
            let (document, _) = decode(&text);
            let (again, wrong) = decode(&encode(&document));
            prop_assert!(wrong.is_empty(), "{:?}", wrong);
            prop_assert_eq!(again.files, document.files);
            decode_json(&text);
            unpack(&text);
        }

        #[test]
        fn any_program_comes_back(text in "[\\x01-\\x1d\\x1f-\\x7fé]{0,200}", name in "[a-z]{1,8}\\.c") {
            let document = Document { files: [(name, text)].into(), ..Document::default() };
            prop_assert_eq!(unpack(&pack(&document)), (document, vec![]));
        }
    }
}
