//! Why a command could not do what it was asked, in the language of whoever asked.
//!
//! The language is that of `--lang`, else that of the environment (`LC_ALL`, `LC_MESSAGES`,
//! `LANG`), else English. Missing: `--help`, and what the system and the readers of TOML say
//! themselves, which stays in English after a sentence of ours.

use abi::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A command's end without success: its exit status and why.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) u8, pub(crate) Wrong);

impl Failure {
    /// Bad usage.
    pub(crate) fn usage(wrong: Wrong) -> Failure {
        Failure(2, wrong)
    }

    /// Anything else.
    pub(crate) fn failed(error: impl Display) -> Failure {
        Failure(1, Wrong::System(error.to_string()))
    }

    /// Says it on stderr.
    pub(crate) fn report(&self, command: &str, lang: Lang) -> ExitCode {
        eprintln!("soquete {command}: {}", self.1.text(lang));
        ExitCode::from(self.0)
    }
}

/// What is wrong.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// In the system's words.
    System(String),
    /// A file could not be read or written, for this option if it is for one.
    File {
        option: &'static str,
        path: PathBuf,
        error: String,
    },
    /// A file does not say what it should; a key's nearest name, if one is unknown.
    Content {
        option: &'static str,
        path: PathBuf,
        error: String,
        nearest: Option<String>,
    },
    /// The address cannot be listened on.
    Listen {
        at: String,
        error: String,
    },
    NotAnAddress(String),
    OpenAddress(String),
    NotAnOrigin(String),
    NotAToken(PathBuf),
    OpenToken {
        path: PathBuf,
        mode: u32,
    },
    PolicyMissing,
    PolicyWithoutClass,
    /// An option has one of these values.
    NotOneOf {
        option: &'static str,
        value: String,
        known: &'static [&'static str],
    },
    NotAProbability {
        option: &'static str,
        value: f64,
    },
    NoProgram {
        option: &'static str,
        name: String,
        nearest: Option<String>,
    },
    NotNameFile(String),
    EmptyProgram,
    SecondSignal,
    StillOpen {
        seconds: u64,
    },
    NoBrowser(String),
}

impl Wrong {
    /// A file that could not be read or written.
    pub(crate) fn file(option: &'static str, path: &Path, error: impl Display) -> Wrong {
        Wrong::File { option, path: path.into(), error: error.to_string() }
    }

    /// A file that does not say what it should, by its reader's error.
    pub(crate) fn content(option: &'static str, path: &Path, error: impl Display) -> Wrong {
        let error = error.to_string().trim_end().to_owned();
        Wrong::Content { option, path: path.into(), nearest: nearest_key(&error), error }
    }

    pub(crate) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.pt_br(),
            Lang::En => self.en(),
        }
    }

    fn en(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
        };
        match self {
            Wrong::System(text) => text.clone(),
            Wrong::File { option, path, error } => named(option, path, error),
            Wrong::Content { option, path, error, nearest } => {
                named(option, path, &format!("{error}{}", hint(nearest)))
            }
            Wrong::Listen { at, error } => format!("cannot listen on {at}: {error}"),
            Wrong::NotAnAddress(text) => format!(
                "--listen \"{text}\": not an address (not a name) and a port, such as \
                 127.0.0.1:8080 or [::1]:0"
            ),
            Wrong::OpenAddress(at) => format!(
                "--listen {at}: other computers could reach it; that needs --class and --policy"
            ),
            Wrong::NotAnOrigin(text) => {
                format!("--public {text}: not an origin such as https://lab.example")
            }
            Wrong::NotAToken(path) => format!(
                "--token-file {}: a token is 64 to 256 hexadecimal digits (32 random bytes)",
                path.display()
            ),
            Wrong::OpenToken { path, mode } => {
                format!("--token-file {}: mode {mode:04o}; others may not read it", path.display())
            }
            Wrong::PolicyMissing => "--class needs --policy FILE".to_owned(),
            Wrong::PolicyWithoutClass => "--policy is for --class".to_owned(),
            Wrong::NotOneOf { option, value, known } => {
                format!("{option} {value}: not {}", listed(known, "or"))
            }
            Wrong::NotAProbability { option, value } => {
                format!("--{option} {value}: between 0 and 1")
            }
            Wrong::NoProgram { option, name, nearest } => {
                format!("{option}: there is no program `{name}`{}", hint(nearest))
            }
            Wrong::NotNameFile(text) => format!("--stdin {text}: write NAME=FILE"),
            Wrong::EmptyProgram => "an empty program".to_owned(),
            Wrong::SecondSignal => "ended by a second signal".to_owned(),
            Wrong::StillOpen { seconds } => format!("connections still open after {seconds} s"),
            Wrong::NoBrowser(error) => {
                format!("cannot open a browser ({error}); open the link yourself")
            }
        }
    }

    fn pt_br(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; seria `{name}`?"))
        };
        match self {
            Wrong::System(text) => text.clone(),
            Wrong::File { option, path, error } => {
                named(option, path, &format!("o arquivo não pode ser usado: {error}"))
            }
            Wrong::Content { option, path, error, nearest } => {
                let text = format!("o conteúdo não serve: {error}{}", hint(nearest));
                named(option, path, &text)
            }
            Wrong::Listen { at, error } => format!("não dá para escutar em {at}: {error}"),
            Wrong::NotAnAddress(text) => format!(
                "--listen \"{text}\": não é um endereço (um nome não serve) com porta, como \
                 127.0.0.1:8080 ou [::1]:0"
            ),
            Wrong::OpenAddress(at) => format!(
                "--listen {at}: outros computadores o alcançariam; isso exige --class e --policy"
            ),
            Wrong::NotAnOrigin(text) => {
                format!("--public {text}: não é uma origem como https://lab.example")
            }
            Wrong::NotAToken(path) => format!(
                "--token-file {}: um segredo tem de 64 a 256 dígitos hexadecimais (32 bytes \
                 aleatórios)",
                path.display()
            ),
            Wrong::OpenToken { path, mode } => format!(
                "--token-file {}: modo {mode:04o}; os outros não podem lê-lo",
                path.display()
            ),
            Wrong::PolicyMissing => "--class exige --policy ARQUIVO".to_owned(),
            Wrong::PolicyWithoutClass => "--policy só serve com --class".to_owned(),
            Wrong::NotOneOf { option, value, known } => {
                format!("{option} {value}: não é {}", listed(known, "ou"))
            }
            Wrong::NotAProbability { option, value } => {
                format!("--{option} {value}: deve ficar entre 0 e 1")
            }
            Wrong::NoProgram { option, name, nearest } => {
                format!("{option}: não há programa `{name}`{}", hint(nearest))
            }
            Wrong::NotNameFile(text) => format!("--stdin {text}: escreva NOME=ARQUIVO"),
            Wrong::EmptyProgram => "um programa vazio".to_owned(),
            Wrong::SecondSignal => "encerrado por um segundo sinal".to_owned(),
            Wrong::StillOpen { seconds } => {
                format!("ainda há conexões abertas depois de {seconds} s")
            }
            Wrong::NoBrowser(error) => {
                format!("não foi possível abrir um navegador ({error}); abra o link você mesmo")
            }
        }
    }
}

/// `--option path: text`, or `path: text` where the file is no option's.
fn named(option: &str, path: &Path, text: &str) -> String {
    format!("{option} {}: {text}", path.display()).trim_start().to_owned()
}

fn listed(known: &[&str], or: &str) -> String {
    match known {
        [first @ .., last] if !first.is_empty() => format!("{} {or} {last}", first.join(", ")),
        _ => known.join(""),
    }
}

/// Of serde's "unknown field `x`, expected one of `a`, `b`" the known name that is most like it.
fn nearest_key(error: &str) -> Option<String> {
    let (_, rest) = error.split_once("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    let known: Vec<String> = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    sim::scenario::nearest(unknown, known.iter())
}

/// The language of `--lang`, else of the environment.
pub(crate) fn language() -> Lang {
    let mut args = std::env::args().skip_while(|arg| !arg.starts_with("--lang"));
    let given = match args.next() {
        Some(arg) if arg == "--lang" => args.next(),
        arg => arg.and_then(|arg| arg.strip_prefix("--lang=").map(str::to_owned)),
    };
    let variables = ["SOQUETE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    lang_of(&given.or_else(|| variables.iter().find_map(set)).unwrap_or_default())
}

/// Of a name such as `pt-BR` or `pt_BR.UTF-8`.
pub(crate) fn lang_of(text: &str) -> Lang {
    if text.to_ascii_lowercase().starts_with("pt") { Lang::PtBr } else { Lang::En }
}

/// Ends the program because of its command line; `--help` and `--version` are no errors.
pub(crate) fn refuse(error: &clap::Error) -> ExitCode {
    let ours = match language() {
        Lang::PtBr => refusal_pt_br(error),
        Lang::En => None,
    };
    match ours {
        Some(text) => {
            eprintln!("{text}\n\nPara mais informações, use --help.");
            ExitCode::from(2)
        }
        None => error.exit(),
    }
}

/// `None` for what has no sentence here, which clap says itself.
fn refusal_pt_br(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let text = match error.kind() {
        ErrorKind::UnknownArgument => format!("argumento desconhecido: `{argument}`"),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("comando desconhecido: `{name}`")
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("falta o valor de {argument}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{value}` não serve para {argument}")
        }
        ErrorKind::MissingRequiredArgument => format!("falta {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            format!("{argument} não pode ser usado com {other}")
        }
        ErrorKind::NoEquals => format!("falta `=` antes do valor de {argument}"),
        _ => return None,
    };
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    let hint = suggested.into_iter().find_map(context);
    let hint = hint.map_or_else(String::new, |name| format!("; seria `{name}`?"));
    let known = context(ContextKind::ValidValue).filter(|known| !known.is_empty());
    let known = known.map_or_else(String::new, |known| format!(" (valores: {known})"));
    Some(format!("soquete: {text}{hint}{known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_has_its_nearest_name() {
        let error = "unknown field `alow`, expected one of `allow`, `bind`, `lookups`";
        let wrong = Wrong::content("--policy", Path::new("p.toml"), error);
        assert!(wrong.text(Lang::En).ends_with("; did you mean `allow`?"), "{wrong:?}");
        assert!(wrong.text(Lang::PtBr).ends_with("; seria `allow`?"), "{wrong:?}");
        let far = Wrong::content("--policy", Path::new("p.toml"), "unknown field `zzzzzzz`");
        assert!(!far.text(Lang::En).contains("did you mean"), "{far:?}");
    }

    #[test]
    fn values_are_listed_as_one_says_them() {
        let known = &["text", "json"];
        let wrong = Wrong::NotOneOf { option: "--log-format", value: "xml".into(), known };
        assert_eq!(wrong.text(Lang::En), "--log-format xml: not text or json");
        assert_eq!(wrong.text(Lang::PtBr), "--log-format xml: não é text ou json");
    }
}
