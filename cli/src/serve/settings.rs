//! The options of `soquete serve`: one structure read from flags, environment and file.

use crate::usage::{self, Failure, Wrong};
use bridge::capture::Tap;
use bridge::limits::Limits;
use bridge::page::Page;
use bridge::policy::{ClassPolicy, Policy};
use bridge::{Options, PublicOrigin, Token};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Each field is a flag, an environment variable and a key of the file; a test sees to it.
#[derive(clap::Args, serde::Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Settings {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:0]
    #[arg(long, env = "SOQUETE_LISTEN", value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Directory of the built page, instead of the one in the program
    #[arg(long, env = "SOQUETE_PAGE", value_name = "DIR")]
    page: Option<PathBuf>,
    /// Do not open a browser
    #[arg(long, env = "SOQUETE_NO_OPEN", value_name = "BOOL", num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    no_open: Option<bool>,
    /// Capture packets of own sockets if CAP_NET_RAW is there [default: true; class: false]
    #[arg(long, env = "SOQUETE_CAPTURE", value_name = "BOOL", num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    capture: Option<bool>,
    /// TOML file with these options, e.g. `max-sockets = 32`
    #[arg(long, env = "SOQUETE_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// One bridge for a class: deny every target but those of --policy
    #[arg(long, env = "SOQUETE_CLASS", value_name = "BOOL", num_args = 0..=1,
          require_equals = true, default_missing_value = "true", help_heading = "Class")]
    class: Option<bool>,
    /// What the class may reach (TOML; docs/class/en.md)
    #[arg(long, env = "SOQUETE_POLICY", value_name = "FILE", help_heading = "Class")]
    policy: Option<PathBuf>,
    /// Name under which a proxy serves this bridge, e.g. `https://lab.example`
    #[arg(long, env = "SOQUETE_PUBLIC", value_name = "ORIGIN", help_heading = "Class")]
    public: Option<String>,
    /// File (mode 0600) with a token of 64 hexadecimal digits, the same for several bridges
    /// [default: a new one for each run]
    #[arg(long, env = "SOQUETE_TOKEN_FILE", value_name = "FILE", help_heading = "Class")]
    token_file: Option<PathBuf>,

    /// Sessions at once [default: 4; class: 200]
    #[arg(long, env = "SOQUETE_MAX_SESSIONS", value_name = "N", help_heading = "Limits")]
    max_sessions: Option<usize>,
    /// Open sockets of a session [default: 64]
    #[arg(long, env = "SOQUETE_MAX_SOCKETS", value_name = "N", help_heading = "Limits")]
    max_sockets: Option<usize>,
    /// Bytes of one message or one receive [default: 1048576]
    #[arg(long, env = "SOQUETE_MAX_MESSAGE_BYTES", value_name = "N", help_heading = "Limits")]
    max_message_bytes: Option<usize>,
    /// Calls of a session that wait at once [default: 256]
    #[arg(long, env = "SOQUETE_MAX_PENDING_CALLS", value_name = "N", help_heading = "Limits")]
    max_pending_calls: Option<usize>,
    /// Names of a session being looked up at once [default: 4]
    #[arg(long, env = "SOQUETE_MAX_LOOKUPS", value_name = "N", help_heading = "Limits")]
    max_lookups: Option<usize>,
    /// Distinct targets of a session within a minute [default: 1000; class: 60]
    #[arg(long, env = "SOQUETE_MAX_TARGETS_PER_MINUTE", value_name = "N", help_heading = "Limits")]
    max_targets_per_minute: Option<usize>,
    /// Bytes a second of packets and TCP_INFO streamed to a session [default: 1000000]
    #[arg(long, env = "SOQUETE_MAX_EVENT_BYTES_PER_S", value_name = "N", help_heading = "Limits")]
    max_event_bytes_per_s: Option<u64>,
    /// Milliseconds that a connect may take [default: 10000]
    #[arg(long, env = "SOQUETE_CONNECT_MS", value_name = "MS", help_heading = "Limits")]
    connect_ms: Option<u64>,
    /// Seconds without a message and without a waiting call that end a session [default: 300]
    #[arg(long, env = "SOQUETE_IDLE_S", value_name = "S", help_heading = "Limits")]
    idle_s: Option<u64>,
    /// Seconds that a client may take to send the head of a request [default: 10]
    #[arg(long, env = "SOQUETE_HEAD_S", value_name = "S", help_heading = "Limits")]
    head_s: Option<u64>,
    /// Seconds between pings; three unanswered ones end a session [default: 30]
    #[arg(long, env = "SOQUETE_PING_S", value_name = "S", help_heading = "Limits")]
    ping_s: Option<u64>,

    /// Language of messages: pt-BR or en [default: that of LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, env = "SOQUETE_LANG", value_name = "LANG", help_heading = "Log")]
    lang: Option<String>,
    /// What is logged to stderr: error, warn, info, debug or trace [default: info]
    #[arg(long, env = "SOQUETE_LOG", value_name = "LEVEL", help_heading = "Log")]
    log: Option<String>,
    /// text or json [default: text]
    #[arg(long, env = "SOQUETE_LOG_FORMAT", value_name = "FORMAT", help_heading = "Log")]
    log_format: Option<String>,
}

/// Fills what is missing in `$settings` from `$file`.
macro_rules! fill {
    ($settings:ident from $file:ident: $($field:ident)*) => {
        $($settings.$field = $settings.$field.take().or($file.$field);)*
    };
}

impl Settings {
    /// With what `--config` has for the options that were not given.
    pub(super) fn with_file(mut self) -> Result<Settings, Failure> {
        let Some(path) = &self.config else { return Ok(self) };
        let file: Settings = toml::from_str(&read(path, "--config")?)
            .map_err(|error| Failure::usage(Wrong::content("--config", path, error)))?;
        fill!(self from file: listen page no_open capture class policy public token_file max_sessions
            max_sockets max_message_bytes max_pending_calls max_lookups max_targets_per_minute
            max_event_bytes_per_s connect_ms idle_s head_s ping_s lang log log_format);
        Ok(self)
    }

    /// The language of messages.
    pub(super) fn lang(&self) -> abi::Lang {
        self.lang.as_deref().map_or_else(usage::language, usage::lang_of)
    }

    fn is_class(&self) -> bool {
        self.class.unwrap_or(false)
    }

    pub(super) fn opens_browser(&self) -> bool {
        !self.no_open.unwrap_or(self.is_class())
    }

    /// The address, if it may be listened on.
    pub(super) fn listen(&self) -> Result<SocketAddr, Failure> {
        let text = self.listen.as_deref().unwrap_or("127.0.0.1:0");
        let listen: SocketAddr =
            text.parse().map_err(|_| Failure::usage(Wrong::NotAnAddress(text.to_owned())))?;
        let is_open = self.is_class() && self.policy.is_some();
        if !listen.ip().is_loopback() && !is_open {
            return Err(Failure::usage(Wrong::OpenAddress(text.to_owned())));
        }
        Ok(listen)
    }

    /// What the bridge is made with.
    pub(super) fn options(&self) -> Result<Options, Failure> {
        let token = match &self.token_file {
            Some(path) => token(path)?,
            None => Token::random(),
        };
        let public = match &self.public {
            Some(text) => Some(
                text.parse::<PublicOrigin>()
                    .map_err(|_| Failure::usage(Wrong::NotAnOrigin(text.clone())))?,
            ),
            None => None,
        };
        Ok(Options {
            page: self.page()?,
            policy: self.policy()?,
            limits: self.limits(),
            token,
            public,
            capture: self.capture(),
        })
    }

    fn page(&self) -> Result<Page, Failure> {
        match &self.page {
            Some(dir) => Page::from_dir(dir)
                .map_err(|error| Failure::usage(Wrong::file("--page", dir, error))),
            None => Ok(embedded()),
        }
    }

    fn policy(&self) -> Result<Policy, Failure> {
        match (&self.policy, self.is_class()) {
            (None, false) => Ok(Policy::local()),
            (None, true) => Err(Failure::usage(Wrong::PolicyMissing)),
            (Some(_), false) => Err(Failure::usage(Wrong::PolicyWithoutClass)),
            (Some(path), true) => match ClassPolicy::parse(&read(path, "--policy")?) {
                Ok(policy) => Ok(Policy::class(policy)),
                Err(error) => Err(Failure::usage(Wrong::content("--policy", path, error))),
            },
        }
    }

    /// Opens the packet socket and gives up the capability: before there are other threads.
    fn capture(&self) -> Result<Arc<Tap>, String> {
        if !self.capture.unwrap_or(!self.is_class()) {
            return Err("capture is switched off (--capture=true)".to_owned());
        }
        Tap::open()
    }

    fn limits(&self) -> Limits {
        let usual = if self.is_class() { Limits::class() } else { Limits::local() };
        Limits {
            sessions: self.max_sessions.unwrap_or(usual.sessions),
            sockets: self.max_sockets.unwrap_or(usual.sockets),
            message_bytes: self.max_message_bytes.unwrap_or(usual.message_bytes),
            pending_calls: self.max_pending_calls.unwrap_or(usual.pending_calls),
            lookups: self.max_lookups.unwrap_or(usual.lookups),
            connect_ms: self.connect_ms.unwrap_or(usual.connect_ms),
            idle_s: self.idle_s.unwrap_or(usual.idle_s),
            head_s: self.head_s.unwrap_or(usual.head_s),
            ping_s: self.ping_s.unwrap_or(usual.ping_s),
            events_bytes_per_s: self.max_event_bytes_per_s.unwrap_or(usual.events_bytes_per_s),
            targets_per_minute: self.max_targets_per_minute.unwrap_or(usual.targets_per_minute),
        }
    }

    /// Starts logging to stderr. Only this program's own events: libraries that handle requests
    /// log headers at their lower levels, and the token travels in one.
    pub(super) fn start_log(&self) -> Result<(), Failure> {
        let level = self.log.as_deref().unwrap_or("info");
        if let Some(lang) = &self.lang {
            one_of("--lang", lang, &["pt-BR", "en"])?;
        }
        one_of("--log", level, &["error", "warn", "info", "debug", "trace"])?;
        let format = self.log_format.as_deref().unwrap_or("text");
        one_of("--log-format", format, &["text", "json"])?;
        let filter = tracing_subscriber::EnvFilter::new(format!(
            "off,soquete={level},soquete_bridge={level},soquete_cli={level}"
        ));
        // When nobody reads stderr any more, the bridge goes on without a log.
        let log = tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            // Colours are control characters, which a file or a journal should not have.
            .with_ansi(std::io::stderr().is_terminal())
            .with_env_filter(filter)
            .log_internal_errors(false);
        match format {
            "json" => log.json().init(),
            _ => log.init(),
        }
        Ok(())
    }
}

fn one_of(
    option: &'static str,
    value: &str,
    known: &'static [&'static str],
) -> Result<(), Failure> {
    match known.contains(&value) {
        true => Ok(()),
        false => Err(Failure::usage(Wrong::NotOneOf { option, value: value.to_owned(), known })),
    }
}

fn read(path: &Path, option: &'static str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::usage(Wrong::file(option, path, error)))
}

fn token(path: &Path) -> Result<Token, Failure> {
    let option = "--token-file";
    let found = std::fs::metadata(path)
        .map_err(|error| Failure::usage(Wrong::file(option, path, error)))?;
    let mode = found.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(Failure::usage(Wrong::OpenToken { path: path.into(), mode }));
    }
    Token::from_hex(&read(path, option)?).map_err(|_| Failure::usage(Wrong::NotAToken(path.into())))
}

/// The page in the program.
#[cfg(feature = "embed-page")]
fn embedded() -> Page {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../dist"]
    struct Dist;
    let file = |name: std::borrow::Cow<'static, str>| {
        let data = Dist::get(&name)?.data.into_owned();
        Some((name.into_owned(), data))
    };
    Page::from_files(Dist::iter().filter_map(file))
}

/// This program was built without the page.
#[cfg(not(feature = "embed-page"))]
fn embedded() -> Page {
    Page::missing()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Args as _;

    #[test]
    fn flags_environment_and_file_have_the_same_options() {
        let command = Settings::augment_args(clap::Command::new("serve"));
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "config") {
            let flag = arg.get_long().expect("every option is a long flag");
            let variable = format!("SOQUETE_{}", flag.to_uppercase().replace('-', "_"));
            assert_eq!(arg.get_env().and_then(|name| name.to_str()), Some(variable.as_str()));
            let known = ["7", "true", "'text'"]
                .iter()
                .any(|value| toml::from_str::<Settings>(&format!("{flag} = {value}")).is_ok());
            assert!(known, "{flag} is not a key of the file");
        }
        toml::from_str::<Settings>("max-sokets = 7").expect_err("unknown keys are refused");
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let dir = std::env::temp_dir();
        let path = dir.join(format!("soquete-settings-{}.toml", std::process::id()));
        std::fs::write(&path, "max-sockets = 7\nidle-s = 9\n").expect("a temporary file");
        let flags =
            Settings { max_sockets: Some(3), config: Some(path.clone()), ..Settings::default() };
        let settings = flags.with_file().expect("a good file");
        std::fs::remove_file(path).expect("it was there");
        assert_eq!((settings.limits().sockets, settings.limits().idle_s), (3, 9));
    }
}
