//! `soquete serve`: the bridge and the page on one address, and the link that opens it.
//!
//! Each option can be given as a flag, in the environment (`--max-sockets` is
//! `SOQUETE_MAX_SOCKETS`) or in a TOML file (`max-sockets = 64`, see `--config`); the first of
//! these that has it wins.
//!
//! Exit status: 0 after SIGINT or SIGTERM, 1 when the address cannot be used or the end takes too
//! long, 2 for bad usage (options, environment, configuration, policy, page or token file).

mod open;
mod settings;

use crate::usage::{self, Failure, Wrong};
use bridge::Server;
use settings::Settings;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use settings::Settings as Args;

/// How long the end may take after the first signal.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Serves until a signal ends it.
pub(crate) fn main(args: Args) -> ExitCode {
    let settings = match args.with_file() {
        Ok(settings) => settings,
        Err(failure) => return failure.report("serve", usage::language()),
    };
    match serve(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report("serve", settings.lang()),
    }
}

fn serve(settings: &Settings) -> Result<(), Failure> {
    settings.start_log()?;
    let listen = settings.listen()?;
    let opens = settings.opens_browser();
    let options = settings.options()?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::failed)?;
    runtime.block_on(run(listen, options, opens))
}

async fn run(listen: SocketAddr, options: bridge::Options, opens: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure(1, Wrong::Listen { at: listen.to_string(), error: error.to_string() })
    };
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    let own = listener.local_addr().map_err(failed)?;
    let base = options.public.as_ref().map_or(format!("http://{own}"), ToString::to_string);
    let link = format!("{base}/#tok={}", options.token.reveal());
    let server = Server::new(options);
    let stopper = server.stopper();
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let serving = tokio::spawn(server.listen(listener));
    say(&link);
    // Gone when this function returns.
    let _redirect = opens.then(|| open::browser(&link)).flatten();
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => return done(ended, failed),
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    stopper.cancel();
    tokio::select! {
        ended = &mut serving => done(ended, failed),
        _ = interrupt.recv() => Err(Failure(1, Wrong::SecondSignal)),
        _ = terminate.recv() => Err(Failure(1, Wrong::SecondSignal)),
        () = tokio::time::sleep(STOP_MAX) => {
            Err(Failure(1, Wrong::StillOpen { seconds: STOP_MAX.as_secs() }))
        }
    }
}

fn done(
    ended: Result<std::io::Result<()>, tokio::task::JoinError>,
    failed: impl Fn(std::io::Error) -> Failure,
) -> Result<(), Failure> {
    match ended {
        Ok(served) => served.map_err(failed),
        Err(panicked) => Err(Failure::failed(panicked)),
    }
}

/// The one line of output: scripts read it.
#[allow(clippy::print_stdout)]
fn say(link: &str) {
    println!("{link}");
}
