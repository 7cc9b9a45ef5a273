//! What can be wrong with a scenario's text, and how it is told in both languages.

use super::quantity::{BAD_RATE, BAD_TIME, RATE_UNITS, TIME_UNITS};
use abi::Lang;
use std::net::IpAddr;

/// What is wrong with a scenario, and where in its text.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Bytes of the TOML text.
    pub span: std::ops::Range<usize>,
    /// What.
    pub kind: ProblemKind,
}

/// Kinds of problems.
#[allow(missing_docs)] // the fields are what the texts name
#[derive(Clone, PartialEq, Debug)]
pub enum ProblemKind {
    /// Not TOML (the parser's own words, English).
    Toml { message: String },
    /// A key, or a value of a few, that the format does not have; and those that it has.
    UnknownKey { name: String, nearest: Option<String>, known: Vec<String> },
    /// A key without which the table means nothing.
    MissingKey { name: String },
    /// A program, link or action names a host that is not there.
    UnknownHost { name: String, nearest: Option<String> },
    /// A program names a text that is not there.
    UnknownFile { name: String, nearest: Option<String> },
    /// Two hosts have one name.
    SameName { name: String },
    /// A link with fewer than two hosts.
    LonelyLink,
    /// An address that is none.
    BadAddress { text: String },
    /// Two hosts on one network have one address.
    SameAddress { address: IpAddr, other: String },
    /// A value of another type: what it is and what is wanted, in the parser's words.
    WrongType { found: String, wanted: String },
    /// A length of time or a rate that is none.
    BadQuantity { text: String, known: &'static str },
    /// A number that is too small or too large.
    OutOfRange { name: &'static str, least: String, most: String },
    /// An action names a host, link or program by a number that none has.
    NoSuchNumber { name: &'static str, number: i64, count: usize },
    /// A rule that is none.
    BadRule { text: String },
    /// A rule of translation that is none.
    BadTranslation { text: String },
    /// Nothing to run.
    NoPrograms,
}

impl Problem {
    /// The line, from 1.
    pub fn line(&self, text: &str) -> usize {
        let before = text.get(..self.span.start).unwrap_or(text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// The column in characters, from 1.
    pub fn column(&self, text: &str) -> usize {
        let before = text.get(..self.span.start).unwrap_or(text);
        before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1
    }

    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.kind.pt_br(),
            Lang::En => self.kind.en(),
        }
    }
}

impl ProblemKind {
    /// From the words of the TOML parser: names stand between backticks in them.
    pub(super) fn of_toml(message: &str) -> ProblemKind {
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        let unknown = ["unknown field", "unknown variant"].iter().any(|w| message.starts_with(w));
        match names.next() {
            Some(name) if unknown => {
                let known: Vec<String> = names.collect();
                let nearest = nearest(&name, known.iter());
                ProblemKind::UnknownKey { name, nearest, known }
            }
            Some(name) if message.starts_with("missing field") => ProblemKind::MissingKey { name },
            Some(text) if message.starts_with(BAD_TIME) => {
                ProblemKind::BadQuantity { text, known: TIME_UNITS }
            }
            Some(text) if message.starts_with(BAD_RATE) => {
                ProblemKind::BadQuantity { text, known: RATE_UNITS }
            }
            _ => ProblemKind::of_type(message)
                .unwrap_or_else(|| ProblemKind::Toml { message: message.to_owned() }),
        }
    }

    /// `invalid type: string "20", expected u32`.
    fn of_type(message: &str) -> Option<ProblemKind> {
        let rest = message.strip_prefix("invalid type: ");
        let (found, wanted) =
            rest.or_else(|| message.strip_prefix("invalid value: "))?.split_once(", expected ")?;
        Some(ProblemKind::WrongType { found: found.to_owned(), wanted: wanted.to_owned() })
    }

    /// A problem with a value's type in words of one's language; serde's otherwise.
    fn type_name(name: &str, lang: Lang) -> String {
        let known = [
            (
                &["u64", "u32", "usize"][..],
                ["um número inteiro, sem sinal", "a whole number, not negative"],
            ),
            (&["i32", "i64"], ["um número inteiro", "a whole number"]),
            (&["f64"], ["um número", "a number"]),
            (&["a string"], ["um texto entre aspas", "a text in quotes"]),
            (&["a boolean"], ["true ou false", "true or false"]),
            (&["a sequence"], ["uma lista entre colchetes", "a list in brackets"]),
            (&["a map"], ["uma tabela entre chaves", "a table in braces"]),
            (&["a length of time"], ["um tempo como \"20ms\"", "a time such as \"20ms\""]),
            (&["a name or a number"], ["um nome ou um número", "a name or a number"]),
            (&["a rate"], ["uma taxa como \"10mbit\"", "a rate such as \"10mbit\""]),
        ];
        let found = known.iter().find(|(names, _)| names.contains(&name));
        let words = found.map(|(_, [pt, en])| if lang == Lang::PtBr { *pt } else { *en });
        words.unwrap_or(name).to_owned()
    }

    /// What stands there instead: serde names the type and quotes the value.
    fn value_name(found: &str, lang: Lang) -> String {
        // The names of Rust's types say nothing to whoever writes a scenario.
        let found = found.trim_end_matches(" as i128").trim_end_matches(" as u128");
        let kinds = [
            ("string ", "texto"),
            ("integer ", "número"),
            ("floating point ", "número"),
            ("boolean ", "valor"),
            ("another value", "outro valor"),
            ("sequence", "lista"),
            ("map", "tabela"),
        ];
        let translated = kinds.iter().find_map(|(en, pt)| {
            let rest = found.strip_prefix(en)?;
            Some(format!("{pt} {rest}").trim_end().to_owned())
        });
        match lang {
            Lang::PtBr => translated.unwrap_or_else(|| found.to_owned()),
            Lang::En => found.to_owned(),
        }
    }

    /// What is wrong with the text as TOML; the parser has some fifty sentences for a dozen mistakes.
    fn syntax(message: &str, lang: Lang) -> &'static str {
        type Known = (&'static [&'static str], [&'static str; 2]);
        const KNOWN: [Known; 9] = [
            (
                &[
                    "key with no value",
                    "missing value",
                    "missing assignment",
                    "string values must be",
                ],
                [
                    "depois de um nome vem `= valor`, e um texto fica entre aspas",
                    "a name is followed by `= value`, and a text stands in quotes",
                ],
            ),
            (
                &["duplicate key", "cannot extend"],
                ["este nome já foi usado nesta tabela", "this name is used in this table already"],
            ),
            (
                &["inline table"],
                [
                    "uma tabela entre chaves se escreve { a = 1, b = 2 }",
                    "a table in braces is written { a = 1, b = 2 }",
                ],
            ),
            (
                &["unclosed table", "unclosed array table", "missing table"],
                [
                    "falta fechar o título da tabela: [nome] ou [[nome]]",
                    "the table's title is not closed: [name] or [[name]]",
                ],
            ),
            (
                &["array", "recur"],
                ["uma lista se escreve [a, b, c]", "a list is written [a, b, c]"],
            ),
            (
                &["quote", "string", "escape", "unicode", "carriage return"],
                [
                    "as aspas deste texto não fecham, ou ele tem um caractere que não pode ter",
                    "this text's quotes do not close, or it has a character that it must not have",
                ],
            ),
            (
                &["zero", "sign", "radix", "prefix", "digits", "number", "float", "date", "time"],
                ["este número está mal escrito", "this number is not written as one"],
            ),
            (
                &["unquoted key", "keys cannot", "unexpected key"],
                [
                    "um nome tem letras, números, _ e -, e cada linha tem um só",
                    "a name has letters, digits, _ and -, and each line has one",
                ],
            ),
            (
                &["invalid value"],
                [
                    "aqui falta um valor: um número, um texto entre aspas, true, false ou uma lista",
                    "a value is missing here: a number, a text in quotes, true, false or a list",
                ],
            ),
        ];
        let known = KNOWN.iter().find(|(words, _)| words.iter().any(|word| message.contains(word)));
        let texts = known.map_or(
            [
                "isto não é TOML: a linha não se lê como `nome = valor`",
                "this is not TOML: the line does not read as `name = value`",
            ],
            |(_, texts)| *texts,
        );
        if lang == Lang::PtBr { texts[0] } else { texts[1] }
    }

    fn en(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
        };
        match self {
            ProblemKind::Toml { message } => Self::syntax(message, Lang::En).to_owned(),
            ProblemKind::UnknownKey { name, nearest, known } => match nearest {
                Some(_) => format!("`{name}` is not known here{}", hint(nearest)),
                None => format!("`{name}` is not known here; there are {}", known.join(", ")),
            },
            ProblemKind::MissingKey { name } => format!("`{name}` is missing"),
            ProblemKind::UnknownHost { name, nearest } => {
                format!("there is no host `{name}`{}", hint(nearest))
            }
            ProblemKind::UnknownFile { name, nearest } => {
                format!("there is no file `{name}`{}", hint(nearest))
            }
            ProblemKind::SameName { name } => format!("two hosts are named `{name}`"),
            ProblemKind::LonelyLink => "a link joins at least two hosts".to_owned(),
            ProblemKind::BadAddress { text } => {
                format!("`{text}` is no address; write one like 10.0.0.1/24")
            }
            ProblemKind::SameAddress { address, other } => {
                format!("`{other}` has the address {address} on the same network")
            }
            ProblemKind::WrongType { found, wanted } => {
                let (found, wanted) =
                    (Self::value_name(found, Lang::En), Self::type_name(wanted, Lang::En));
                format!("{wanted} is wanted here, not {found}")
            }
            ProblemKind::BadQuantity { text, known } => {
                format!("`{text}` is no quantity; write a number and one of {known}")
            }
            ProblemKind::OutOfRange { name, least, most } => {
                format!("`{name}` is from {least} to {most}")
            }
            ProblemKind::NoSuchNumber { name, number, count } => match count {
                0 => format!("there is no {name} {number}: there is none"),
                _ => format!("there is no {name} {number}: they count from 0 to {}", count - 1),
            },
            ProblemKind::BadTranslation { text } => format!(
                "`{text}` is no translation; write masquerade eth1 or \
                 forward tcp 8080 to 192.168.0.2:80"
            ),
            ProblemKind::BadRule { text } => {
                format!("`{text}` is no rule; write one like drop tcp 80 from 10.0.0.0/24")
            }
            ProblemKind::NoPrograms => "there is no [[program]] to run".to_owned(),
        }
    }

    fn pt_br(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; você quis dizer `{name}`?"))
        };
        match self {
            ProblemKind::Toml { message } => Self::syntax(message, Lang::PtBr).to_owned(),
            ProblemKind::UnknownKey { name, nearest, known } => match nearest {
                Some(_) => format!("`{name}` não existe aqui{}", hint(nearest)),
                None => format!("`{name}` não existe aqui; há {}", known.join(", ")),
            },
            ProblemKind::MissingKey { name } => format!("falta `{name}`"),
            ProblemKind::UnknownHost { name, nearest } => {
                format!("não há host `{name}`{}", hint(nearest))
            }
            ProblemKind::UnknownFile { name, nearest } => {
                format!("não há arquivo `{name}`{}", hint(nearest))
            }
            ProblemKind::SameName { name } => format!("dois hosts se chamam `{name}`"),
            ProblemKind::LonelyLink => "um enlace liga pelo menos dois hosts".to_owned(),
            ProblemKind::BadAddress { text } => {
                format!("`{text}` não é um endereço; escreva algo como 10.0.0.1/24")
            }
            ProblemKind::SameAddress { address, other } => {
                format!("`{other}` já tem o endereço {address} na mesma rede")
            }
            ProblemKind::WrongType { found, wanted } => {
                let (found, wanted) =
                    (Self::value_name(found, Lang::PtBr), Self::type_name(wanted, Lang::PtBr));
                format!("aqui vai {wanted}, não {found}")
            }
            ProblemKind::BadQuantity { text, known } => {
                format!("`{text}` não é uma quantidade; escreva um número e um de {known}")
            }
            ProblemKind::OutOfRange { name, least, most } => {
                format!("`{name}` vai de {least} a {most}")
            }
            ProblemKind::NoSuchNumber { name, number, count } => match count {
                0 => format!("não há {name} {number}: não há nenhum"),
                _ => format!("não há {name} {number}: são contados de 0 a {}", count - 1),
            },
            ProblemKind::BadTranslation { text } => format!(
                "`{text}` não é uma tradução; escreva masquerade eth1 ou \
                 forward tcp 8080 to 192.168.0.2:80"
            ),
            ProblemKind::BadRule { text } => {
                format!("`{text}` não é uma regra; escreva algo como drop tcp 80 from 10.0.0.0/24")
            }
            ProblemKind::NoPrograms => "não há nenhum [[program]] para executar".to_owned(),
        }
    }
}

/// The known name that is most like `name`, if any is like it at all.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<String> {
    let scored = known.map(|other| (distance(name, other), other));
    let (best, other) = scored.min()?;
    (best <= name.chars().count().div_ceil(2)).then(|| other.clone())
}

/// Edits (insert, delete, replace) from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replace = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
