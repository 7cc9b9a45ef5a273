//! The page: files read once at the start, served from memory.
//!
//! Nothing on disk is looked up by a request's path, so no path can lead astray. Files that lie
//! there compressed (`x.br`, `x.gz`) are served so; what does not is compressed with gzip when
//! it is first asked for.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use base64::Engine as _;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

/// Below this many bytes compression is not worth its header.
const COMPRESS_FROM: usize = 1024;

/// The files of the page by their path (`/` is `/index.html`).
#[derive(Debug, Default)]
pub struct Page {
    files: BTreeMap<String, Asset>,
}

#[derive(Debug)]
struct Asset {
    mime: &'static str,
    etag: HeaderValue,
    /// Trunk puts a hash of the content into the name.
    immutable: bool,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Page {
    /// From a directory, read wholly.
    ///
    /// # Errors
    /// What the file system says; and when there is no `index.html`.
    pub fn from_dir(dir: &Path) -> io::Result<Page> {
        let mut files = Vec::new();
        read_dir(dir, "", &mut files)?;
        let page = Page::from_files(files);
        if !page.files.contains_key("/index.html") {
            let what = format!("{} has no index.html", dir.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, what));
        }
        Ok(page)
    }

    /// From files by their path relative to the page's root, without a leading slash.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Page {
        let mut all: BTreeMap<String, Bytes> =
            files.into_iter().map(|(path, bytes)| (format!("/{path}"), bytes.into())).collect();
        let names: Vec<String> = all.keys().cloned().collect();
        let mut page = Page::default();
        for name in names {
            let compressed = [".br", ".gz"]
                .iter()
                .any(|end| name.strip_suffix(end).is_some_and(|plain| all.contains_key(plain)));
            if compressed {
                continue;
            }
            let plain = all[&name].clone();
            let gzip = OnceLock::new();
            if let Some(bytes) = all.remove(&format!("{name}.gz")) {
                let _ = gzip.set(Some(bytes));
            }
            let brotli = all.remove(&format!("{name}.br"));
            let digest = Sha256::digest(&plain);
            let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest[..12]);
            let etag = HeaderValue::try_from(format!("\"{tag}\"")).expect("base64 is ASCII");
            let immutable = is_hashed(&name);
            let asset = Asset { mime: mime(&name), etag, immutable, plain, brotli, gzip };
            page.files.insert(name, asset);
        }
        page
    }

    /// A page that says that there is none.
    pub fn missing() -> Page {
        let text = "<!doctype html><meta charset=utf-8><title>soquete</title>\
                    <p>Esta ponte foi iniciada sem a página (--page DIR).\
                    <p lang=en>This bridge was started without the page (--page DIR).";
        Page::from_files([("index.html".to_owned(), text.into())])
    }

    /// `script-src` sources for the inline scripts of index.html (Trunk's bootstrap).
    pub(crate) fn script_hashes(&self) -> Vec<String> {
        let index = self.files.get("/index.html").map_or(&[][..], |asset| &asset.plain);
        inline_scripts(&String::from_utf8_lossy(index))
            .map(|script| {
                let digest = Sha256::digest(script.as_bytes());
                let hash = base64::engine::general_purpose::STANDARD.encode(digest);
                format!("'sha256-{hash}'")
            })
            .collect()
    }

    /// Answers a GET or HEAD of a path.
    pub(crate) fn serve(&self, path: &str, headers: &HeaderMap) -> Response<Body> {
        let path = if path == "/" { "/index.html" } else { path };
        let Some(asset) = self.files.get(path) else {
            return plain(StatusCode::NOT_FOUND, "not found\n");
        };
        let caching = match asset.immutable {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let mut response = Response::builder()
            .header(header::ETAG, asset.etag.clone())
            .header(header::CACHE_CONTROL, caching)
            .header(header::VARY, "accept-encoding");
        if headers.get(header::IF_NONE_MATCH) == Some(&asset.etag) {
            let not_modified = response.status(StatusCode::NOT_MODIFIED).body(Body::empty());
            return not_modified.expect("the headers are good");
        }
        let (encoding, bytes) = asset.encoded(headers);
        if let Some(encoding) = encoding {
            response = response.header(header::CONTENT_ENCODING, encoding);
        }
        let response = response.header(header::CONTENT_TYPE, asset.mime).body(bytes.into());
        response.expect("the headers are good")
    }
}

impl Asset {
    fn encoded(&self, headers: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let accepts = |name: &str| {
            accepted.unwrap_or_default().split(',').any(|entry| {
                let (coding, quality) = entry.split_once(';').unwrap_or((entry, ""));
                coding.trim() == name && !matches!(quality.trim(), "q=0" | "q=0.0")
            })
        };
        if let Some(brotli) = self.brotli.as_ref().filter(|_| accepts("br")) {
            return (Some("br"), brotli.clone());
        }
        let gzip = || self.gzip.get_or_init(|| self.compress()).clone();
        match accepts("gzip").then(gzip).flatten() {
            Some(gzip) => (Some("gzip"), gzip),
            None => (None, self.plain.clone()),
        }
    }

    fn compress(&self) -> Option<Bytes> {
        let pays = !matches!(self.mime, "image/png" | "font/woff2" | "image/webp");
        if !pays || self.plain.len() < COMPRESS_FROM {
            return None;
        }
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&self.plain).ok()?;
        encoder.finish().ok().map(Bytes::from)
    }
}

/// A short answer in plain text.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(text.into())
        .expect("the headers are good")
}

fn read_dir(dir: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_dir(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            files.push((format!("{prefix}{name}"), std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// `name-0123456789abcdef.js`, as Trunk names what it has hashed.
fn is_hashed(path: &str) -> bool {
    let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    stem.split(['-', '_']).skip(1).any(is_hash)
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "c" | "h" | "cpp" | "toml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The contents of `<script>` elements without `src`, as the browser hashes them.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script")?;
        (!attributes.contains("src=") && !script.is_empty()).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_exactly_what_stands_between_the_tags() {
        let html = "<head><script type=\"module\">\nimport x;\n</script>\
                    <script src=\"/a.js\"></script><script defer src=b></script></head>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["\nimport x;\n"]);
    }

    #[test]
    fn compressed_neighbours_are_another_coding_of_the_same_file() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let page = Page::from_files([
            file("index.html", "plain"),
            file("index.html.br", "brotli"),
            file("lone.gz", "alone"),
        ]);
        let mut headers = HeaderMap::new();
        assert_eq!(page.files["/index.html"].encoded(&headers).1, "plain");
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br;q=0.9"));
        assert_eq!(page.files["/index.html"].encoded(&headers), (Some("br"), "brotli".into()));
        assert!(page.files.contains_key("/lone.gz"));
        assert!(!page.files.contains_key("/index.html.br"));
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("/soquete-frontend-41b6b9f6ec1a8b80_bg.wasm"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/lessons/echo-server.c"));
    }
}
