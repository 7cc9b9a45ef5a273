//! What may stand where a person is writing C: names of the text itself, of libc's headers
//! ([`cc::names`]), members of structures, headers.
//!
//! Looks at characters only, as the colours do: the text is wrong while it is written. Offsets are
//! UTF-16 code units.

use crate::i18n::Msg;
use crate::model::tokens;
use abi::Lang;
use cc::Target;
use cc::names::{Declared, Kind, declared, headers};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Rows of the list.
const ROWS: usize = 60;
/// Characters after which a list is offered unasked.
const UNASKED: usize = 3;

/// One of the names that fit.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Choice {
    pub(crate) name: String,
    /// What kind of thing it is.
    pub(crate) kind: Msg,
    /// Whether it is called: parentheses follow it.
    pub(crate) called: bool,
    /// Its declaration, if it is not the text's own.
    pub(crate) text: String,
    /// The header to include; empty: none is needed.
    pub(crate) header: &'static str,
    /// One line about it, where there is one.
    pub(crate) meaning: Option<&'static str>,
}

impl Choice {
    /// A name about which nothing more is known.
    fn plain(name: &str, kind: Msg) -> Choice {
        let name = name.to_owned();
        Choice { name, kind, called: false, text: String::new(), header: "", meaning: None }
    }
}

/// What fits at a place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Choices {
    /// Where the word begins that a choice takes the place of.
    pub(crate) from: u32,
    pub(crate) list: Vec<Choice>,
}

/// What fits before `at`; `asked`: a person asked for it, so that no letter is needed.
pub(crate) fn choices(
    text: &str,
    at: u32,
    asked: bool,
    (target, lang): (Target, Lang),
) -> Option<Choices> {
    let end = byte_of(text, at)?;
    let before = &text[..end];
    let line = &before[before.rfind('\n').map_or(0, |n| n + 1)..];
    if let Some(header) = included(line) {
        let from = at - width(header);
        return found(from, of_headers(target, header));
    }
    let word = &before[before.trim_end_matches(is_word).len()..];
    let from = at - width(word);
    let digit = word.starts_with(|c: char| c.is_ascii_digit());
    if digit || tokens::is_quoted(text, from) {
        return None;
    }
    let names = names(target);
    let ahead = before[..before.len() - word.len()].trim_end();
    if ahead.ends_with('.') || ahead.ends_with("->") {
        return found(from, members(names, before, ahead, word, lang));
    }
    if !asked && word.len() < UNASKED {
        return None;
    }
    let tag = ahead.ends_with("struct") || ahead.ends_with("union");
    let mut list = own_words(text, word);
    list.retain(|_| !tag);
    let known: BTreeSet<String> = list.iter().map(|choice| choice.name.clone()).collect();
    let fits = |d: &&Declared| {
        let kind = if tag { d.kind == Kind::Structure } else { d.kind != Kind::Member };
        kind && begins(&d.name, word) && !known.contains(&d.name)
    };
    let mut rest: Vec<&Declared> = names.all.iter().filter(fits).collect();
    let rank = |d: &&Declared| {
        let included = text.contains(&format!("<{}>", d.header));
        (!d.name.starts_with(word), !included, names.meaning(&d.name, lang).is_none(), d.name.len())
    };
    rest.sort_by_cached_key(rank);
    list.extend(rest.into_iter().map(|d| names.choice(d, lang)));
    found(from, list)
}

fn found(from: u32, mut list: Vec<Choice>) -> Option<Choices> {
    list.truncate(ROWS);
    (!list.is_empty()).then_some(Choices { from, list })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Capitals make no difference while a name is looked for.
fn begins(name: &str, word: &str) -> bool {
    name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn width(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}

/// The byte at a UTF-16 offset.
fn byte_of(text: &str, at: u32) -> Option<usize> {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= at {
            return Some(byte);
        }
        units += c.len_utf16() as u32;
    }
    (units == at).then_some(text.len())
}

/// What has been written of a header's name on a line `#include <sys/so`.
fn included(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("include")?;
    rest.trim_start().strip_prefix('<').filter(|name| !name.contains('>'))
}

fn of_headers(target: Target, written: &str) -> Vec<Choice> {
    let fit = headers(target).into_iter().filter(|name| begins(name, written));
    fit.map(|name| Choice::plain(name, Msg::KindHeader)).collect()
}

/// The words of the text that begin like this one, most frequent first: variables, functions.
fn own_words(text: &str, word: &str) -> Vec<Choice> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let words = text.split(|c| !is_word(c)).filter(|other| other.len() > 2 && begins(other, word));
    for other in words.filter(|other| other.starts_with(|c: char| !c.is_ascii_digit())) {
        *counts.entry(other).or_default() += 1;
    }
    // The word that is being written is no proposal for itself.
    if let Some(count) = counts.get_mut(word) {
        *count -= 1;
    }
    let libc: BTreeSet<&str> = names(Target::Linux).all.iter().map(|d| d.name.as_str()).collect();
    let mut own: Vec<(&str, usize)> =
        counts.into_iter().filter(|(other, n)| *n > 0 && !libc.contains(other)).collect();
    own.sort_by_key(|(other, n)| (usize::MAX - n, *other));
    own.into_iter().map(|(name, _)| Choice::plain(name, Msg::KindOwn)).collect()
}

/// The members of what stands before the `.` or `->`; of every structure, if that is not known.
fn members(names: &Names, before: &str, ahead: &str, word: &str, lang: Lang) -> Vec<Choice> {
    let object = ahead.trim_end_matches("->").trim_end_matches('.');
    let path = &object[object.trim_end_matches(|c| is_word(c) || ".->[]".contains(c)).len()..];
    let of = names.structure_of(before, path);
    if of.is_none() && word.is_empty() {
        return Vec::new();
    }
    let fits = |d: &&Declared| {
        d.kind == Kind::Member && begins(&d.name, word) && of.as_deref().is_none_or(|of| of == d.of)
    };
    names.all.iter().filter(fits).map(|d| names.choice(d, lang)).collect()
}

/// What the headers declare, and one line about the most usual of it.
struct Names {
    all: Vec<Declared>,
    meanings: BTreeMap<&'static str, [&'static str; 2]>,
}

/// Made once for each target: there are thousands.
fn names(target: Target) -> &'static Names {
    static NAMES: [OnceLock<Names>; 2] = [OnceLock::new(), OnceLock::new()];
    let slot = match target {
        Target::Linux => &NAMES[0],
        Target::Windows => &NAMES[1],
    };
    slot.get_or_init(|| Names { all: declared(target), meanings: meanings() })
}

impl Names {
    fn meaning(&self, name: &str, lang: Lang) -> Option<&'static str> {
        self.meanings.get(name).map(|both| match lang {
            Lang::PtBr => both[0],
            Lang::En => both[1],
        })
    }

    fn choice(&self, d: &Declared, lang: Lang) -> Choice {
        Choice {
            name: d.name.clone(),
            kind: match d.kind {
                Kind::Function => Msg::KindFunction,
                Kind::Type => Msg::KindType,
                Kind::Structure => Msg::KindStructure,
                Kind::Member => Msg::KindMember { of: d.of.clone() },
                Kind::Constant => Msg::KindConstant,
                Kind::Variable => Msg::KindVariable,
            },
            called: d.kind == Kind::Function,
            text: d.text.clone(),
            header: d.header,
            meaning: self.meaning(&d.name, lang),
        }
    }

    /// The structure that an expression `a.sin_addr` or `p->ai` is of, by the declarations of the
    /// text and of the headers.
    fn structure_of(&self, text: &str, path: &str) -> Option<String> {
        let mut parts = path.split(['.', '>']).map(|part| {
            let part = part.trim_end_matches('-');
            part.split('[').next().unwrap_or(part)
        });
        let mut of = structure_in(declaration(text, parts.next()?)?)?;
        for part in parts {
            let member = self.all.iter().find(|d| d.of == of && d.name == part)?;
            of = structure_in(&member.text)?;
        }
        Some(of)
    }
}

/// What stands before the name where it is declared: `struct sockaddr_in` of
/// `struct sockaddr_in a, *b;`.
fn declaration<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let starts = text.match_indices(name).filter(|(at, _)| {
        let (before, after) = (&text[..*at], &text[at + name.len()..]);
        !name.is_empty() && !before.ends_with(is_word) && !after.starts_with(is_word)
    });
    let mut statements = starts.map(|(at, _)| {
        let begin = text[..at].rfind([';', '{', '}', '\n']).map_or(0, |n| n + 1);
        &text[begin..at]
    });
    statements.find(|before| structure_in(before).is_some())
}

/// The last `struct name` of a text.
fn structure_in(text: &str) -> Option<String> {
    let at = text.rfind("struct ").or_else(|| text.rfind("union "))?;
    let mut words = text[at..].split(|c| !is_word(c)).filter(|word| !word.is_empty());
    Some(format!("{} {}", words.next()?, words.next()?))
}

fn meanings() -> BTreeMap<&'static str, [&'static str; 2]> {
    let line = |line: &'static str| {
        let mut parts = line.split('|');
        Some((parts.next()?, [parts.next()?, parts.next()?]))
    };
    late_data().lines().filter_map(line).collect()
}

/// One line about each of some names. The page fetches it with the second part of the program
/// (`js/split.mjs`): so this is not inlined, and where the text is stays hidden.
#[inline(never)]
fn late_data() -> &'static str {
    const HEAD: usize = "soquete: late data 00000000".len();
    &std::hint::black_box(include_str!("meanings.txt"))[HEAD..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "#include <sys/socket.h>\n#include <netinet/in.h>\nint main(void) {\n    struct sockaddr_in peer, *to = &peer;\n    int listener = 0;\n    ";

    fn at_end(written: &str) -> Vec<Choice> {
        let text = format!("{TEXT}{written}");
        let place = (Target::Linux, Lang::En);
        let found = choices(&text, width(&text), false, place);
        found.map(|choices| choices.list).unwrap_or_default()
    }

    fn names_at(written: &str) -> Vec<String> {
        at_end(written).into_iter().map(|choice| choice.name).collect()
    }

    #[test]
    fn a_call_comes_with_its_prototype_and_meaning() {
        let list = at_end("int s = sock");
        let first = &list[0];
        assert_eq!(first.name, "socket");
        assert_eq!(first.text, "int socket(int domain, int type, int protocol)");
        assert!(first.called && first.header == "sys/socket.h");
        assert!(first.meaning.is_some_and(|text| text.contains("descriptor")));
        assert_eq!(names_at("SOCK_ST"), ["SOCK_STREAM"]);
        assert_eq!(names_at("sock_st"), ["SOCK_STREAM"]);
    }

    #[test]
    fn members_are_those_of_the_structure() {
        for written in ["peer.", "to->", "x = peer."] {
            let names = names_at(written);
            assert_eq!(&names[..3], ["sin_family", "sin_port", "sin_addr"], "{written}");
        }
        assert_eq!(names_at("peer.sin_addr."), ["s_addr"]);
        assert_eq!(names_at("nobody."), Vec::<String>::new());
        assert!(names_at("nobody.sin_p").contains(&"sin_port".to_owned()));
    }

    #[test]
    fn ones_own_names_come_first() {
        assert_eq!(names_at("list")[..2], ["listener", "listen"]);
        assert_eq!(names_at("struct sockaddr_i")[..1], ["sockaddr_in"]);
    }

    #[test]
    fn headers_are_completed_too() {
        let text = "#include <sys/soc";
        let found = choices(text, width(text), false, (Target::Linux, Lang::En)).unwrap();
        assert_eq!((found.from, found.list[0].name.as_str()), (10, "sys/socket.h"));
    }

    #[test]
    fn nothing_is_offered_in_texts_comments_and_numbers() {
        for written in ["puts(\"sock", "// sock", "/* sock", "x = 0xsock", "so"] {
            assert_eq!(names_at(written), Vec::<String>::new(), "{written}");
        }
        let place = (Target::Linux, Lang::En);
        assert!(choices("so", 2, true, place).is_some(), "who asks gets an answer");
    }

    #[test]
    fn offsets_are_utf16() {
        let text = "/* 🦀é */ sock";
        let found = choices(text, width(text), false, (Target::Linux, Lang::PtBr)).unwrap();
        assert_eq!(found.from, width(text) - 4);
    }

    /// Every line is about a name that a program can use, in both languages.
    #[test]
    fn meanings_are_about_names_that_there_are() {
        let whole = include_str!("meanings.txt");
        let told: usize = whole["soquete: late data ".len()..][..8].parse().unwrap();
        assert_eq!(told, late_data().len(), "the number in the first line");
        let all: BTreeSet<String> = [Target::Linux, Target::Windows]
            .into_iter()
            .flat_map(declared)
            .map(|declared| declared.name)
            .collect();
        let meanings = meanings();
        let unknown: Vec<&&str> = meanings.keys().filter(|name| !all.contains(**name)).collect();
        assert_eq!(unknown, Vec::<&&str>::new(), "they are in a header");
        assert!(meanings.values().all(|[pt, en]| !pt.is_empty() && !en.is_empty()));
    }
}
