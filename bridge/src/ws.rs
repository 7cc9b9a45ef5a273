//! One WebSocket, one session: messages in, calls made, answers out.
//!
//! Everything of a session runs in one task. A call is tried at once; if it has to wait, it joins
//! the waiting ones. Answers are written when there is nothing else to do, so that many calls
//! sent together are answered together. While the page does not read, nothing more is executed.

use crate::capture::Packet;
use crate::exec::{Call, Done, Outcome, Session};
use crate::policy::Denied;
use crate::server::Shared;
use abi::message::{FromBridge, Rule, ToBridge, VERSION, frame};
use abi::{Bytes, Fd};
use axum::Error;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::SinkExt;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A call that has not returned after this time is announced as blocked.
const ANNOUNCE_AFTER: Duration = Duration::from_millis(2);
/// Shortest period of a watch.
const WATCH_MIN: Duration = Duration::from_millis(20);
/// Largest messages that calls which wait may hold together.
const HELD_MESSAGES: usize = 8;
/// Messages that could not be used before the session is closed.
const ERRORS_MAX: u32 = 100;
/// Pings without any sign of life before the session is closed.
const MISSES_MAX: u32 = 3;

/// Why a session ended.
#[derive(Debug)]
enum End {
    /// The page closed it or went away.
    Closed,
    /// The bridge closes it: code, what to say.
    Close(u16, String),
}

type Waiting<'a> = FuturesUnordered<BoxFuture<'a, (u64, Outcome)>>;

/// Speaks with one page until either side ends it. Everything is closed when it returns.
pub(crate) async fn run(socket: WebSocket, shared: &Shared) {
    let mut session = Session::new(shared.exec.clone());
    let packets = session.packets();
    shared.metrics.session_began();
    tracing::info!("session began");
    let mut talk = Talk::new(socket, &session, packets, shared);
    let end = talk.run().await;
    tracing::info!(?end, "session ended");
    talk.farewell(end).await;
    drop(talk);
    drop(session);
    shared.metrics.session_ended();
}

struct Talk<'a> {
    socket: WebSocket,
    session: &'a Session,
    packets: Option<mpsc::Receiver<Packet>>,
    shared: &'a Shared,
    waiting: Waiting<'a>,
    /// Calls that wait: how to end each, and how many bytes it holds.
    cancels: BTreeMap<u64, (CancellationToken, usize)>,
    /// Calls that wait and have not been announced: when to, call, since.
    unannounced: VecDeque<(Instant, u64, u64)>,
    /// Bytes of messages whose calls wait.
    held: usize,
    watches: BTreeMap<Fd, Watch>,
    stream: Stream,
    hello: bool,
    binary: bool,
    errors: u32,
    misses: u32,
    next_ping: Instant,
    last_message: Instant,
}

struct Watch {
    period: Duration,
    next: Instant,
}

/// What the page allows to be streamed.
struct Stream {
    credit: u32,
    dropped: u64,
    told: u64,
    budget: f64,
    refilled: Instant,
}

enum Event {
    Message(Option<Result<Message, Error>>),
    Outcome(u64, Outcome),
    Packet(Packet),
    Time,
    Stop,
}

impl<'a> Talk<'a> {
    fn new(
        socket: WebSocket,
        session: &'a Session,
        packets: Option<mpsc::Receiver<Packet>>,
        shared: &'a Shared,
    ) -> Talk<'a> {
        let now = Instant::now();
        Talk {
            socket,
            session,
            packets,
            shared,
            waiting: FuturesUnordered::new(),
            cancels: BTreeMap::new(),
            unannounced: VecDeque::new(),
            held: 0,
            watches: BTreeMap::new(),
            stream: Stream { credit: 0, dropped: 0, told: 0, budget: 0.0, refilled: now },
            hello: false,
            binary: false,
            errors: 0,
            misses: 0,
            next_ping: now + shared.ping(),
            last_message: now,
        }
    }

    async fn run(&mut self) -> End {
        loop {
            // Answers wait only as long as there is something to do at once.
            let event = match self.next().now_or_never() {
                Some(event) => event,
                None => {
                    if let Err(end) = self.flush().await {
                        return end;
                    }
                    self.next().await
                }
            };
            if let Err(end) = self.handle(event).await {
                return end;
            }
        }
    }

    async fn next(&mut self) -> Event {
        let due = self.due();
        tokio::select! {
            biased;
            () = self.shared.stop.cancelled() => Event::Stop,
            Some((id, outcome)) = self.waiting.next() => Event::Outcome(id, outcome),
            message = self.socket.next() => Event::Message(message),
            Some(packet) = next_packet(&mut self.packets) => Event::Packet(packet),
            () = tokio::time::sleep_until(due.into()) => Event::Time,
        }
    }

    /// When something has to be done even if nothing happens.
    fn due(&self) -> Instant {
        let announce = self.unannounced.front().map(|(at, ..)| *at);
        let watch = self.watches.values().map(|watch| watch.next).min();
        let idle = self.waiting.is_empty().then(|| self.last_message + self.shared.idle());
        [announce, watch, idle].into_iter().flatten().fold(self.next_ping, Instant::min)
    }

    async fn handle(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Outcome(id, outcome) => {
                if let Some((_, bytes)) = self.cancels.remove(&id) {
                    self.held -= bytes;
                }
                self.answer(id, outcome).await
            }
            Event::Message(message) => self.message(message).await,
            Event::Packet(Packet { fd, at_ns, outgoing, cause, bytes }) => {
                let bytes = Bytes(bytes);
                self.stream(&FromBridge::Packet { fd, at_ns, outgoing, cause, bytes }).await
            }
            Event::Time => self.time().await,
            Event::Stop => Err(End::Close(close_code::AWAY, "the bridge stops".to_owned())),
        }
    }

    async fn message(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        self.misses = 0;
        let message = match message {
            None => return Err(End::Closed),
            Some(Ok(message)) => message,
            Some(Err(error)) => {
                let text = error.into_inner().to_string();
                return Err(End::Close(code_of(&text), text));
            }
        };
        let (json, payload) = match &message {
            Message::Text(text) => (text.as_bytes(), None),
            Message::Binary(bytes) => match frame::split(bytes) {
                Some((payload, json)) => (json, Some(bytes.slice_ref(payload))),
                None => return self.unusable(None, "not a binary frame of this protocol").await,
            },
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Closed),
        };
        self.last_message = Instant::now();
        match serde_json::from_slice::<ToBridge>(json) {
            Ok(message) => self.obey(message, payload, json.len()).await,
            Err(error) => {
                let id = serde_json::from_slice::<Named>(json).ok().map(|named| named.id);
                self.unusable(id, &error.to_string()).await
            }
        }
    }

    async fn obey(
        &mut self,
        said: ToBridge,
        payload: Option<bytes::Bytes>,
        len: usize,
    ) -> Result<(), End> {
        if !self.hello && !matches!(said, ToBridge::Hello { .. }) {
            return Err(End::Close(close_code::POLICY, "the first message is hello".to_owned()));
        }
        match said {
            ToBridge::Hello { version, .. } if version != VERSION => {
                let text = format!("this bridge speaks version {VERSION}, the page {version}");
                Err(End::Close(close_code::POLICY, text))
            }
            ToBridge::Hello { binary, .. } => {
                self.hello = true;
                self.binary = binary;
                self.say(&FromBridge::Hello {
                    version: VERSION,
                    kernel: crate::sys::kernel(),
                    capture: self.shared.capture.clone(),
                    limits: self.shared.exec.limits.message(),
                })
                .await
            }
            ToBridge::Call { id, call, blocking, info } => {
                let cancel = CancellationToken::new();
                let bytes = payload.as_ref().map_or(0, |payload| payload.len()) + len;
                let call = Call { id, call, payload, blocking, info, cancel };
                self.call(id, call, bytes).await
            }
            ToBridge::Cancel { id } => {
                if let Some((cancel, _)) = self.cancels.get(&id) {
                    cancel.cancel();
                }
                Ok(())
            }
            ToBridge::Watch { fd, every_ms: 0 } => {
                self.watches.remove(&fd);
                Ok(())
            }
            ToBridge::Watch { fd, every_ms } => {
                let period = Duration::from_millis(every_ms.into()).max(WATCH_MIN);
                if self.session.tcp_info(fd).is_none() {
                    return self.unusable(None, "watch: not a TCP socket of this session").await;
                }
                self.watches.insert(fd, Watch { period, next: Instant::now() });
                Ok(())
            }
            ToBridge::Capture { on } => {
                self.session.capture(on);
                Ok(())
            }
            ToBridge::Credit { messages } => {
                self.stream.credit = self.stream.credit.saturating_add(messages);
                self.tell_dropped().await
            }
        }
    }

    async fn call(&mut self, id: u64, call: Call, bytes: usize) -> Result<(), End> {
        let limit = self.shared.exec.limits.pending_calls;
        if self.cancels.contains_key(&id) {
            return self.unusable(Some(id), "a call with this id waits already").await;
        }
        if self.waiting.len() >= limit {
            let denied = Denied::new(Rule::PendingCalls, format!("at most {limit}"));
            return self.answer(id, Outcome::Denied(denied)).await;
        }
        let most = self.shared.exec.limits.message_bytes.saturating_mul(HELD_MESSAGES);
        if self.held + bytes > most {
            let detail = format!("at most {most} bytes in calls that wait");
            let denied = Denied::new(Rule::PendingCalls, detail);
            return self.answer(id, Outcome::Denied(denied)).await;
        }
        let cancel = call.cancel.clone();
        let session = self.session;
        let since = session.now_ns();
        let mut made = async move { (id, session.call(call).await) }.boxed();
        match (&mut made).now_or_never() {
            Some((id, outcome)) => self.answer(id, outcome).await,
            None => {
                self.cancels.insert(id, (cancel, bytes));
                self.held += bytes;
                self.unannounced.push_back((Instant::now() + ANNOUNCE_AFTER, id, since));
                self.waiting.push(made);
                Ok(())
            }
        }
    }

    async fn answer(&mut self, id: u64, outcome: Outcome) -> Result<(), End> {
        match outcome {
            Outcome::Denied(Denied { rule, detail }) => {
                self.say(&FromBridge::Denied { id, rule, detail }).await
            }
            Outcome::Done(Done { mut reply, start_ns, duration_ns, steps, tcp }) => {
                let payload = match frame::bytes_mut(&mut reply.out) {
                    Some(bytes) if self.binary && !bytes.is_empty() => Some(std::mem::take(bytes)),
                    _ => None,
                };
                let tcp = tcp.map(|info| *info);
                let done = FromBridge::Done { id, reply, start_ns, duration_ns, steps, tcp };
                match payload {
                    None => self.say(&done).await,
                    Some(payload) => {
                        let frame = frame::join(payload, &json(&done));
                        self.write(Message::Binary(frame.into())).await
                    }
                }
            }
        }
    }

    /// Everything that is due by time.
    async fn time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        while self.unannounced.front().is_some_and(|(at, ..)| *at <= now) {
            let Some((_, id, at_ns)) = self.unannounced.pop_front() else { break };
            if self.cancels.contains_key(&id) {
                self.say(&FromBridge::Blocked { id, at_ns }).await?;
            }
        }
        if self.next_ping <= now {
            self.misses += 1;
            if self.misses > MISSES_MAX {
                return Err(End::Close(close_code::AWAY, "no sign of life".to_owned()));
            }
            self.next_ping = now + self.shared.ping();
            self.write(Message::Ping(bytes::Bytes::new())).await?;
        }
        if self.waiting.is_empty() && self.last_message + self.shared.idle() <= now {
            let text = format!("idle for {} s", self.shared.idle().as_secs());
            return Err(End::Close(close_code::AWAY, text));
        }
        let due = self.watches.iter().filter(|(_, watch)| watch.next <= now);
        let due: Vec<Fd> = due.map(|(fd, _)| *fd).collect();
        for fd in due {
            let Some(info) = self.session.tcp_info(fd) else {
                self.watches.remove(&fd);
                continue;
            };
            if let Some(watch) = self.watches.get_mut(&fd) {
                watch.next = now + watch.period;
            }
            let at_ns = self.session.now_ns();
            self.stream(&FromBridge::Tcp { fd, at_ns, info }).await?;
        }
        Ok(())
    }

    /// Sends a stream message if the page and the limit allow it; otherwise it is counted.
    async fn stream(&mut self, message: &FromBridge) -> Result<(), End> {
        let text = json(message);
        if !self.stream.take(text.len(), self.shared.exec.limits.events_bytes_per_s) {
            self.shared.metrics.dropped();
            return Ok(());
        }
        self.write(Message::Text(text.into())).await?;
        self.tell_dropped().await
    }

    async fn tell_dropped(&mut self) -> Result<(), End> {
        let dropped = self.stream.dropped + self.session.packets_lost();
        if self.stream.credit == 0 || self.stream.told == dropped {
            return Ok(());
        }
        self.stream.told = dropped;
        self.say(&FromBridge::Dropped { messages: dropped }).await
    }

    async fn unusable(&mut self, id: Option<u64>, detail: &str) -> Result<(), End> {
        self.errors += 1;
        if self.errors > ERRORS_MAX {
            return Err(End::Close(close_code::POLICY, "too many unusable messages".to_owned()));
        }
        self.say(&FromBridge::Error { id, detail: detail.to_owned(), fatal: false }).await
    }

    async fn say(&mut self, message: &FromBridge) -> Result<(), End> {
        self.write(Message::Text(json(message).into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        let patience = self.shared.patience();
        in_time(patience, self.socket.feed(message)).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        in_time(self.shared.patience(), self.socket.flush()).await
    }

    /// Says why, as a message and as a close frame, to whoever still listens.
    async fn farewell(&mut self, end: End) {
        let End::Close(code, text) = end else {
            // The answer to the page's close frame, if there was one, waits to be written.
            let _ = in_time(Duration::from_secs(1), self.socket.flush()).await;
            return;
        };
        let _ = self.say(&FromBridge::Error { id: None, detail: text.clone(), fatal: true }).await;
        // A close frame's payload is at most 125 bytes.
        let reason: String = text.chars().filter(char::is_ascii).take(120).collect();
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let _ = in_time(Duration::from_secs(1), self.socket.send(close)).await;
        // The page answers with its own close frame; unread bytes would make this end a reset.
        let _ = tokio::time::timeout(Duration::from_secs(1), async {
            while let Some(Ok(_)) = self.socket.next().await {}
        })
        .await;
    }
}

impl Stream {
    fn take(&mut self, bytes: usize, bytes_per_s: u64) -> bool {
        let rate = bytes_per_s as f64;
        let since = self.refilled.elapsed().as_secs_f64();
        self.refilled = Instant::now();
        self.budget = (self.budget + since * rate).min(rate);
        if self.credit == 0 || self.budget < bytes as f64 {
            self.dropped += 1;
            return false;
        }
        self.credit -= 1;
        self.budget -= bytes as f64;
        true
    }
}

impl Shared {
    fn ping(&self) -> Duration {
        Duration::from_secs(self.exec.limits.ping_s)
    }

    fn idle(&self) -> Duration {
        Duration::from_secs(self.exec.limits.idle_s)
    }

    /// How long the page may leave its answers unread.
    fn patience(&self) -> Duration {
        self.ping() * MISSES_MAX
    }
}

/// For the id of a message that is otherwise unusable.
#[derive(serde::Deserialize)]
struct Named {
    id: u64,
}

/// The close code of a WebSocket error. axum passes it on as text only.
fn code_of(error: &str) -> u16 {
    match error {
        _ if error.starts_with("Space limit exceeded") => close_code::SIZE,
        _ if error.contains("UTF-8") => close_code::INVALID,
        _ => close_code::PROTOCOL,
    }
}

async fn next_packet(packets: &mut Option<mpsc::Receiver<Packet>>) -> Option<Packet> {
    match packets {
        Some(packets) => packets.recv().await,
        None => None,
    }
}

fn json(message: &FromBridge) -> String {
    serde_json::to_string(message).expect("a message has no map with strange keys")
}

async fn in_time(
    patience: Duration,
    write: impl Future<Output = Result<(), Error>>,
) -> Result<(), End> {
    match tokio::time::timeout(patience, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Closed),
        Err(_) => Err(End::Close(close_code::AWAY, "the page does not read".to_owned())),
    }
}
