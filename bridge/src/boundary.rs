//! Who may speak to the bridge: name, origin, secret; and what its answers forbid a browser.
//!
//! A page anywhere on the Web can make the student's browser send requests to this service, and
//! by DNS rebinding under a name of its own. So the `Host` must be ours on every route (421), a
//! WebSocket's `Origin` must be what we serve (403), and it must carry the secret of this run
//! (401), which only the link on the terminal has.

use crate::page::Page;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;

/// Wrong secrets within [`ATTEMPTS_WINDOW`] before the answer is 429.
const ATTEMPTS: usize = 20;
const ATTEMPTS_WINDOW: Duration = Duration::from_secs(60);

/// The secret of this run. It is shown once, by [`Token::reveal`], to be printed in the link.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// 32 random bytes.
    pub fn random() -> Token {
        Token(crate::secret::hex(32))
    }

    /// A given one, for several bridges behind one name.
    ///
    /// # Errors
    /// When it is not 64 or more hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Token, String> {
        let text = text.trim();
        if text.len() < 64 || text.len() > 256 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err("a token is 64 to 256 hexadecimal digits (32 random bytes)".to_owned());
        }
        Ok(Token(text.to_ascii_lowercase()))
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The public name of a bridge behind a proxy: scheme and authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicOrigin {
    scheme: &'static str,
    authority: String,
}

impl std::str::FromStr for PublicOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<PublicOrigin, String> {
        let (scheme, rest) = match text.split_once("://") {
            Some(("https", rest)) => ("https", rest),
            Some(("http", rest)) => ("http", rest),
            _ => return Err(format!("`{text}` does not begin with https:// or http://")),
        };
        let good = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if rest.is_empty() || !rest.chars().all(good) {
            return Err(format!("`{text}` is not an origin such as https://lab.example"));
        }
        Ok(PublicOrigin { scheme, authority: rest.to_ascii_lowercase() })
    }
}

impl fmt::Display for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// The rules of one running bridge.
pub(crate) struct Boundary {
    hosts: Vec<String>,
    public: Option<PublicOrigin>,
    digest: [u8; 32],
    failures: Mutex<VecDeque<Instant>>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The policy of the view for slides and course pages, see [`embeds`].
    embed: HeaderValue,
}

impl Boundary {
    pub(crate) fn new(
        own: SocketAddr,
        public: Option<PublicOrigin>,
        token: &Token,
        page: &Page,
    ) -> Boundary {
        let port = own.port();
        let mut hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")).into();
        if port == 80 {
            hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        }
        if let Some(public) = &public {
            hosts.push(public.authority.clone());
        }
        let headers = answer_headers(port, public.as_ref(), page);
        let embed = embed_policy(&hosts, public.as_ref(), page);
        let digest = token.digest();
        Boundary { hosts, public, digest, failures: Mutex::default(), headers, embed }
    }

    /// Exactly one `Host`, and it is ours; the same for an absolute request target.
    pub(crate) fn check_host<B>(&self, request: &Request<B>) -> Result<(), StatusCode> {
        let host = only(request.headers(), header::HOST).unwrap_or_default();
        let ours = |name: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(name));
        let target = request.uri().authority().is_none_or(|name| ours(name.as_str()));
        if ours(host) && target { Ok(()) } else { Err(StatusCode::MISDIRECTED_REQUEST) }
    }

    /// What may open a WebSocket: our own page, with the secret, once.
    pub(crate) fn check_upgrade(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        let host = only(headers, header::HOST).unwrap_or_default();
        let expected = match &self.public {
            Some(public) if public.authority.eq_ignore_ascii_case(host) => public.to_string(),
            _ => format!("http://{host}"),
        };
        if only(headers, header::ORIGIN) != Some(expected.as_str()) {
            return Err(StatusCode::FORBIDDEN);
        }
        let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
        let offered = offered.flat_map(|value| value.to_str().unwrap_or_default().split(','));
        let (tokens, others): (Vec<&str>, Vec<&str>) =
            offered.map(str::trim).partition(|name| name.starts_with("tok."));
        let secret = match (tokens.as_slice(), others.as_slice()) {
            ([token], [abi::message::SUBPROTOCOL]) => token.strip_prefix("tok."),
            _ => None,
        };
        self.check_secret(secret)
    }

    /// The secret as `Authorization: Bearer`.
    pub(crate) fn check_bearer(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        let bearer = only(headers, header::AUTHORIZATION);
        self.check_secret(bearer.and_then(|value| value.strip_prefix("Bearer ")))
    }

    fn check_secret(&self, secret: Option<&str>) -> Result<(), StatusCode> {
        // Digests have one length, and how far two of them agree says nothing.
        let digest: [u8; 32] = Sha256::digest(secret.unwrap_or_default().as_bytes()).into();
        if secret.is_some() && bool::from(digest.ct_eq(&self.digest)) {
            return Ok(());
        }
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        while failures.front().is_some_and(|at| at.elapsed() > ATTEMPTS_WINDOW) {
            failures.pop_front();
        }
        if failures.len() >= ATTEMPTS {
            return Err(StatusCode::TOO_MANY_REQUESTS);
        }
        failures.push_back(Instant::now());
        Err(StatusCode::UNAUTHORIZED)
    }

    /// What every answer carries; `embed`: that of a request that [`embeds`].
    pub(crate) fn add_headers(&self, headers: &mut HeaderMap, embed: bool) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        if embed {
            headers.insert(header::CONTENT_SECURITY_POLICY, self.embed.clone());
        }
    }
}

/// Whether a request is for the page as slides and course pages show it: `/?embed`.
///
/// That document alone may be framed. Nothing that a click in a frame could be stolen for is in
/// it: its policy lets it open no WebSocket to anybody, and the page itself, when it was asked for
/// so, takes no token and reads and writes no storage.
pub(crate) fn embeds(uri: &Uri) -> bool {
    let asked = |part: &str| part == "embed" || part == "embed=1";
    matches!(uri.path(), "/" | "/index.html")
        && uri.query().is_some_and(|query| query.split('&').any(asked))
}

/// Where a view that is asked for by an IPv6 address is: its policy can name files only by a name.
pub(crate) fn named(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let port = only(headers, header::HOST)?.strip_prefix("[::1]")?;
    Some(format!("http://localhost{port}{}", uri.path_and_query()?))
}

/// The value of a header that is there exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

fn answer_headers(
    port: u16,
    public: Option<&PublicOrigin>,
    page: &Page,
) -> Vec<(HeaderName, HeaderValue)> {
    let socket = match public {
        Some(PublicOrigin { scheme: "https", authority }) => format!("wss://{authority}"),
        Some(PublicOrigin { authority, .. }) => format!("ws://{authority}"),
        None => format!("ws://127.0.0.1:{port}"),
    };
    let policy = policy(page, &format!("'self' {socket}"), "frame-ancestors 'none'; ");
    let fixed = |name: HeaderName, value| (name, HeaderValue::from_static(value));
    vec![
        (header::CONTENT_SECURITY_POLICY, policy),
        fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        fixed(header::REFERRER_POLICY, "no-referrer"),
        fixed(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ]
}

/// What a document may load, connect to, and be shown in.
fn policy(page: &Page, connect: &str, frames: &str) -> HeaderValue {
    let scripts = page.script_hashes().join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src {connect}; \
         {frames}base-uri 'none'; form-action 'none'"
    );
    HeaderValue::try_from(policy).expect("a policy of ASCII names")
}

/// Without `frame-ancestors`, so that slides from a file may frame it too. Its own files are named
/// by their scheme, because `'self'` would mean the WebSocket of the same name as well.
fn embed_policy(hosts: &[String], public: Option<&PublicOrigin>, page: &Page) -> HeaderValue {
    // A policy cannot name an IPv6 address; who asks for it by one is sent to a name ([`named`]).
    let named = hosts.iter().filter(|host| !host.starts_with('['));
    let own = named.map(|host| format!("http://{host}"));
    let all: Vec<String> = own.chain(public.map(ToString::to_string)).collect();
    policy(page, &all.join(" "), "")
}
