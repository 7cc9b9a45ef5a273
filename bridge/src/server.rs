//! The HTTP service: boundary, page, `/ws`, `/healthz`, `/metrics`.

use crate::boundary::{Boundary, PublicOrigin, Token, embeds, named};
use crate::capture::Tap;
use crate::exec::{self, UnixNames};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::page::{Page, plain};
use crate::policy::Policy;
use crate::{sys, ws};
use abi::message::Capture;
use axum::Router;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Connections at once beyond those of sessions: browsers open about six each.
const SPARE_CONNECTIONS: usize = 256;
/// How long to wait after `accept` failed for lack of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Threads that may wait in the resolver at once, over all sessions.
const LOOKUP_THREADS: usize = 64;

/// What a server is made with.
pub struct Options {
    /// The page.
    pub page: Page,
    /// Whom sessions may reach.
    pub policy: Policy,
    /// What sessions may use.
    pub limits: Limits,
    /// The secret.
    pub token: Token,
    /// The name under which a proxy serves this bridge.
    pub public: Option<PublicOrigin>,
    /// Where packets come from, or why there is no capture.
    pub capture: Result<Arc<Tap>, String>,
}

impl Options {
    /// The student's own computer.
    pub fn local(page: Page) -> Options {
        Options {
            page,
            policy: Policy::local(),
            limits: Limits::local(),
            token: Token::random(),
            public: None,
            capture: Err("capture was not asked for".to_owned()),
        }
    }
}

/// The bridge.
pub struct Server {
    options: Options,
    metrics: Arc<Metrics>,
    stop: CancellationToken,
}

/// What the handlers share.
pub(crate) struct Shared {
    pub(crate) boundary: Boundary,
    pub(crate) exec: exec::Options,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) stop: CancellationToken,
    /// What the page is told.
    pub(crate) capture: Capture,
    page: Page,
    sessions: Arc<Semaphore>,
}

impl Server {
    /// A server that does not listen yet.
    pub fn new(options: Options) -> Server {
        Server { options, metrics: Arc::default(), stop: CancellationToken::new() }
    }

    /// Its counters.
    pub fn metrics(&self) -> Arc<Metrics> {
        self.metrics.clone()
    }

    /// Cancelling it ends the server in order: no new connections, every session told and
    /// closed, then [`listen`](Server::listen) returns.
    pub fn stopper(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// Of the listener.
    pub async fn listen(self, listener: TcpListener) -> io::Result<()> {
        let own = listener.local_addr()?;
        let Server { options, metrics, stop } = self;
        options.policy.set_own(vec![own]);
        // A semaphore's own maximum is far above any number of sessions.
        let places = options.limits.sessions.min(1 << 20);
        let sessions = Arc::new(Semaphore::new(places));
        let head_max = Duration::from_secs(options.limits.head_s);
        let shared = Arc::new(Shared {
            boundary: Boundary::new(own, options.public, &options.token, &options.page),
            exec: exec::Options {
                policy: Arc::new(options.policy),
                limits: options.limits,
                unix: UnixNames::Private,
                raw: false,
                lookups: Arc::new(Semaphore::new(LOOKUP_THREADS)),
                metrics: metrics.clone(),
                capture: options.capture.as_ref().ok().cloned(),
            },
            capture: options.capture.err().map_or(Capture::On, Capture::Off),
            metrics,
            stop: stop.clone(),
            page: options.page,
            sessions: sessions.clone(),
        });
        sys::raise_descriptor_limit();
        serve(listener, router(shared), places + SPARE_CONNECTIONS, head_max, &stop).await;
        // Every session holds a place until everything of it is closed.
        let _ = sessions.acquire_many(places as u32).await;
        Ok(())
    }
}

/// A request, its answer and what follows on the same connection take at most so many times what
/// a head may take: who reads slowly, or not at all, keeps its place no longer. A session does not
/// count: it is no request any more.
const CONNECTION_HEADS: u32 = 12;

/// Accepts connections, so many at once, until it is stopped; then waits for the requests that are
/// being answered.
async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    head_max: Duration,
    stop: &CancellationToken,
) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_max);
    let places = Arc::new(Semaphore::new(most));
    loop {
        let accepted = async {
            // Without a free place the next client waits in the kernel's queue.
            let place = places.clone().acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => match accepted {
                Some((place, Ok((stream, _)))) => {
                    let most = head_max * CONNECTION_HEADS;
                    connection(&http, stream, place, &router, stop, most);
                }
                // Descriptors may have run out, or the client has gone again.
                Some((_, Err(error))) => {
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                None => break,
            },
        }
    }
    drop(listener);
    // Every connection holds a place until its requests are answered.
    let _ = places.acquire_many(most as u32).await;
}

fn connection(
    http: &hyper::server::conn::http1::Builder,
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    router: &Router,
    stop: &CancellationToken,
    most: Duration,
) {
    // Calls are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router.clone());
    let served = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::pin!(served);
        // What a client does wrong on HTTP's level has been answered, or it has gone.
        tokio::select! {
            _ = served.as_mut() => {}
            () = tokio::time::sleep(most) => {}
            () = stop.cancelled() => {
                served.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(most, served).await;
            }
        }
        drop(place);
    });
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/ws", get(upgrade))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .fallback(page)
        .layer(from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

/// Around every route: our name first, our headers last.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response<Body> {
    let embed = embeds(request.uri());
    let mut response = match shared.boundary.check_host(&request) {
        Ok(()) => match embed.then(|| named(request.headers(), request.uri())).flatten() {
            Some(there) => Redirect::temporary(&there).into_response(),
            None => next.run(request).await,
        },
        Err(status) => shared.refuse(status),
    };
    shared.boundary.add_headers(response.headers_mut(), embed);
    response
}

impl Shared {
    fn refuse(&self, status: StatusCode) -> Response<Body> {
        self.metrics.refused(status.as_u16());
        tracing::warn!(status = status.as_u16(), "request refused");
        plain(
            status,
            match status {
                StatusCode::MISDIRECTED_REQUEST => "not this bridge's name\n",
                StatusCode::FORBIDDEN => "not this bridge's page\n",
                StatusCode::UNAUTHORIZED => "the link's token is missing or wrong\n",
                StatusCode::TOO_MANY_REQUESTS => "too many wrong tokens; wait a minute\n",
                StatusCode::SERVICE_UNAVAILABLE => "too many sessions\n",
                _ => "refused\n",
            },
        )
    }
}

async fn page(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    shared.page.serve(uri.path(), &headers)
}

async fn health(State(shared): State<Arc<Shared>>) -> Response<Body> {
    match shared.stop.is_cancelled() {
        true => plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        false => plain(StatusCode::OK, "ok\n"),
    }
}

async fn metrics(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response<Body> {
    if let Err(status) = shared.boundary.check_bearer(&headers) {
        return shared.refuse(status);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, shared.metrics.text()).into_response()
}

async fn upgrade(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response<Body> {
    if let Err(status) = shared.boundary.check_upgrade(&headers) {
        return shared.refuse(status);
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let Ok(place) = shared.sessions.clone().try_acquire_owned() else {
        return shared.refuse(StatusCode::SERVICE_UNAVAILABLE);
    };
    configured(upgrade, shared.exec.limits.message_bytes)
        .protocols([abi::message::SUBPROTOCOL])
        .on_upgrade(move |socket| async move {
            ws::run(socket, &shared).await;
            drop(place);
        })
}

/// The WebSocket's own limits.
fn configured(upgrade: WebSocketUpgrade, message_bytes: usize) -> WebSocketUpgrade {
    // A payload of a whole message in base64, and the JSON around it.
    let most = message_bytes.saturating_mul(4) / 3 + 64 * 1024;
    // An answer larger than the write buffer could not be written at all.
    let buffer = most.saturating_mul(2).max(4 << 20);
    upgrade.max_message_size(most).max_frame_size(most).max_write_buffer_size(buffer)
}

#[cfg(test)]
mod autobahn;
