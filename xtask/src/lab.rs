//! `cargo xtask lab`: from a clone to the page in the browser.

use crate::step::{Done, Step, failed};
use crate::{page, system, tools};
use std::process::Command;

/// Installs, builds and starts; `options` go to `soquete serve`.
pub(crate) fn run(options: &[String]) -> Done {
    tools::ensure_for_page()?;
    page::build()?;
    build(&[])?;
    let soquete = system::target_dir().join("native/soquete");
    let mut serve = Command::new(&soquete);
    serve.arg("serve").arg("--page").arg(system::root().join("dist")).args(options);
    println!("  Ctrl+C ends the lab.");
    match serve.status() {
        // Ended by Ctrl+C is how a lab ends.
        Ok(status) if status.success() || status.code().is_none() => Ok(()),
        Ok(status) => failed(
            "soquete serve",
            &status.to_string(),
            "if the address is in use, choose another: `cargo xtask lab --listen 127.0.0.1:0`",
        ),
        Err(error) => failed(
            "soquete serve",
            &format!("cannot start {}: {error}", soquete.display()),
            "run `cargo xtask lab` again",
        ),
    }
}

/// `cargo xtask program`: one file that serves the page without a `dist` beside it.
pub(crate) fn program() -> Done {
    tools::ensure_for_page()?;
    page::build()?;
    build(&["--features", "embed-page"])?;
    println!("  {}", system::target_dir().join("native/soquete").display());
    Ok(())
}

fn build(more: &[&str]) -> Done {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--profile", "native", "--package", "soquete-cli"]).args(more);
    Step::new("soquete", cargo)
        .advice("read the compiler's first error above; a C compiler (`gcc`) must be installed")
        .run()
}
