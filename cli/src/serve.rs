//! `soquete serve`: the bridge and the page on one address, and the link that opens it.
//!
//! Exit status: 0 after SIGINT or SIGTERM, 1 when the address cannot be used, 2 for bad usage
//! (options, environment, configuration and policy files).

use bridge::page::Page;
use bridge::policy::Policy;
use bridge::{Options, Server};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `soquete serve`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "SOQUETE_LISTEN", default_value = "127.0.0.1:0", value_name = "ADDR:PORT")]
    listen: String,
    /// Directory of the built page (otherwise the one in the program).
    #[arg(long, env = "SOQUETE_PAGE", value_name = "DIR")]
    page: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long, env = "SOQUETE_NO_OPEN")]
    no_open: bool,
}

/// What went wrong, with its exit status.
struct Failure(u8, String);

/// Serves until a signal ends it.
pub(crate) fn main(args: Args) -> ExitCode {
    match serve(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(status, text)) => {
            eprintln!("soquete serve: {text}");
            ExitCode::from(status)
        }
    }
}

fn serve(args: Args) -> Result<(), Failure> {
    let listen: SocketAddr = args.listen.parse().map_err(|_| {
        Failure(2, format!("--listen {}: not an address and port such as 127.0.0.1:0", args.listen))
    })?;
    if !listen.ip().is_loopback() {
        let text = format!("--listen {listen}: only loopback addresses");
        return Err(Failure(2, text));
    }
    let page = match &args.page {
        Some(dir) => Page::from_dir(dir).map_err(|error| Failure(2, format!("--page: {error}")))?,
        None => Page::missing(),
    };
    let options = Options { policy: Policy::local(), ..Options::local(page) };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure(1, error.to_string()))?;
    runtime.block_on(run(listen, options, args.no_open))
}

async fn run(listen: SocketAddr, options: Options, _no_open: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure(1, format!("{listen}: {error}"));
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    let own = listener.local_addr().map_err(failed)?;
    let link = format!("http://{own}/#tok={}", options.token.reveal());
    let server = Server::new(options);
    let stopper = server.stopper();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        stopper.cancel();
    });
    say(&link);
    server.listen(listener).await.map_err(failed)
}

#[allow(clippy::print_stdout)]
fn say(link: &str) {
    println!("{link}");
}
