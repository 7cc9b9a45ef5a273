//! Opens the browser without the secret on any command line: through a file that only the user
//! can read and that redirects to the link.

use crate::usage::{self, Wrong};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The redirect file; it goes with this value.
pub(crate) struct Redirect(PathBuf);

impl Drop for Redirect {
    fn drop(&mut self) {
        // It may have been tidied away before.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Opens the link if there is a desktop; says why not on stderr if that fails.
pub(crate) fn browser(link: &str) -> Option<Redirect> {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !desktop {
        return None;
    }
    match try_browser(link) {
        Ok(redirect) => Some(redirect),
        Err(error) => {
            let why = Wrong::NoBrowser(error.to_string()).text(usage::language());
            eprintln!("soquete serve: {why}");
            None
        }
    }
}

fn try_browser(link: &str) -> std::io::Result<Redirect> {
    let dir = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let path = dir.join(format!("soquete-{}.html", std::process::id()));
    // A left-over of a process with our number is not ours to follow.
    let _ = std::fs::remove_file(&path);
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    let redirect = Redirect(path);
    writeln!(
        file,
        "<!doctype html><meta charset=utf-8><title>Soquete</title>\
         <meta name=referrer content=no-referrer>\
         <meta http-equiv=refresh content=\"0;url={link}\">"
    )?;
    Command::new("xdg-open")
        .arg(&redirect.0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(redirect)
}
