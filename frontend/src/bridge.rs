//! The WebSocket to the bridge: one session, calls as futures.
//!
//! The token comes in the address's fragment (`#tok=…`), goes to memory and leaves the address
//! bar. It travels as a subprotocol, because a browser cannot set headers on a WebSocket. See
//! `abi::message` for the messages.

use abi::message::{
    Capture, FromBridge, Limits, Rule, SUBPROTOCOL, TcpInfo, ToBridge, VERSION, frame,
};
use abi::{Bytes, Fd, Syscall};
use real::{Answer, Measured};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// How the connection is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Status {
    /// This page does not come from a bridge.
    None,
    Connecting,
    /// The kernel's name and release; whether packets can be captured, and if not, why; what a
    /// session may use.
    Ready {
        kernel: String,
        capture: Capture,
        limits: Limits,
    },
    /// The link carries no secret, or a wrong one.
    BadToken,
    /// It was there and is gone, and what it said last.
    Lost(String),
    /// It speaks another version.
    Version(u32),
}

/// A captured packet, from its IP header on.
#[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Captured {
    pub(crate) at_ns: u64,
    pub(crate) outgoing: bool,
    /// The bridge's number of the call that caused it.
    pub(crate) cause: Option<u64>,
    pub(crate) bytes: Bytes,
}

/// What comes without being an answer.
pub(crate) enum Event {
    Status(Status),
    Packet(Captured),
    /// A call has not returned yet: its number, nanoseconds since the session began.
    Blocked(u64, u64),
    /// A watched socket.
    Tcp(Fd, u64, Box<TcpInfo>),
    /// So many stream messages were dropped.
    Dropped(u64),
}

/// Stream messages that the bridge may send before it is allowed more.
const CREDIT: u32 = 2000;

/// Takes the token out of the address.
pub(crate) fn take_token() -> Option<String> {
    let window = web_sys::window().filter(|_| !crate::prefs::embedded())?;
    let hash = window.location().hash().ok()?;
    let token = token_of(&hash)?;
    let path = window.location().pathname().ok()? + &window.location().search().ok()?;
    // If it cannot be cleaned, the token stays visible; it works all the same.
    let _ = window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    Some(token)
}

/// The token in a link that the program printed, or in its fragment.
pub(crate) fn token_of(link: &str) -> Option<String> {
    let (_, token) = link.trim().split_once("#tok=")?;
    let good = !token.is_empty() && token.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| token.to_owned())
}

#[derive(Default)]
struct Slot {
    answer: Option<Answer>,
    waker: Option<Waker>,
}

struct Inner {
    socket: WebSocket,
    next: u64,
    slots: BTreeMap<u64, Rc<RefCell<Slot>>>,
    opened: bool,
    /// The versions differ.
    refused: bool,
    /// Stream messages since credit was given.
    streamed: u32,
    on_event: Rc<dyn Fn(Event)>,
}

/// A session with the bridge.
#[derive(Clone)]
pub(crate) struct Bridge {
    inner: Rc<RefCell<Inner>>,
    /// Kept alive as long as the session.
    _handlers: Rc<Handlers>,
}

struct Handlers {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Bridge {
    /// Connects to where the page came from. `None` if the browser refuses to try.
    pub(crate) fn connect(token: &str, on_event: impl Fn(Event) + 'static) -> Option<Bridge> {
        let location = web_sys::window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/ws", location.host().ok()?);
        let protocols = js_sys::Array::of2(&SUBPROTOCOL.into(), &format!("tok.{token}").into());
        let socket = WebSocket::new_with_str_sequence(&url, &protocols).ok()?;
        socket.set_binary_type(web_sys::BinaryType::Arraybuffer);
        on_event(Event::Status(Status::Connecting));
        let inner = Rc::new(RefCell::new(Inner {
            socket: socket.clone(),
            next: 1,
            slots: BTreeMap::new(),
            opened: false,
            refused: false,
            streamed: 0,
            on_event: Rc::new(on_event),
        }));
        let open = {
            let inner = inner.clone();
            Closure::new(move || {
                inner.borrow_mut().opened = true;
                send(&inner, &ToBridge::Hello { version: VERSION, binary: true });
            })
        };
        let message = {
            let inner = inner.clone();
            Closure::new(move |event: MessageEvent| {
                if let Some(message) = parse(&event.data()) {
                    received(&inner, message);
                }
            })
        };
        let close = {
            let inner = inner.clone();
            Closure::new(move |event: CloseEvent| {
                let reason = event.reason();
                // A session that was never opened was refused; one of another version has said so.
                let opened = inner.borrow().opened;
                let status = if opened { Status::Lost(reason.clone()) } else { Status::BadToken };
                if !inner.borrow().refused {
                    tell(&inner, Event::Status(status));
                }
                fail_all(&inner, &reason);
            })
        };
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        let handlers = Handlers { _open: open, _message: message, _close: close };
        Some(Bridge { inner, _handlers: Rc::new(handlers) })
    }

    /// The number that the next call will have, for [`Bridge::cancel`].
    pub(crate) fn next_id(&self) -> u64 {
        self.inner.borrow().next
    }

    /// Sends a call; its answer is the future.
    pub(crate) fn call(
        &self,
        call: Syscall,
        blocking: bool,
    ) -> impl Future<Output = Answer> + 'static {
        let slot = Rc::new(RefCell::new(Slot::default()));
        let id = {
            let mut inner = self.inner.borrow_mut();
            let id = inner.next;
            inner.next += 1;
            inner.slots.insert(id, slot.clone());
            id
        };
        if !send(&self.inner, &ToBridge::Call { id, call, blocking, info: true }) {
            self.inner.borrow_mut().slots.remove(&id);
            slot.borrow_mut().answer = Some(Answer::Lost(String::new()));
        }
        std::future::poll_fn(move |context| {
            let mut slot = slot.borrow_mut();
            match slot.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    slot.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }

    /// Ends a call: it is answered with `EINTR`, if it has no answer yet.
    pub(crate) fn cancel(&self, id: u64) {
        send(&self.inner, &ToBridge::Cancel { id });
    }

    /// Asks for the counters of a TCP socket until it is closed.
    pub(crate) fn watch(&self, fd: Fd, every_ms: u32) {
        send(&self.inner, &ToBridge::Watch { fd, every_ms });
    }

    /// Asks for the packets of the sockets that are made from now on.
    pub(crate) fn capture(&self) {
        send(&self.inner, &ToBridge::Capture { on: true });
    }
}

fn parse(data: &JsValue) -> Option<FromBridge> {
    if let Some(text) = data.as_string() {
        return serde_json::from_str(&text).ok();
    }
    let bytes = js_sys::Uint8Array::new(data).to_vec();
    let (payload, json) = frame::split(&bytes)?;
    let mut message = serde_json::from_slice(json).ok()?;
    if let FromBridge::Done { reply, .. } = &mut message
        && let Some(room) = frame::bytes_mut(&mut reply.out)
    {
        *room = payload.to_vec();
    }
    Some(message)
}

fn tell(inner: &RefCell<Inner>, event: Event) {
    let on_event = inner.borrow().on_event.clone();
    on_event(event);
}

/// A stream message has come; the bridge is allowed more in time.
fn streamed(inner: &RefCell<Inner>) {
    let due = {
        let mut inner = inner.borrow_mut();
        inner.streamed += 1;
        (inner.streamed >= CREDIT / 2).then(|| std::mem::take(&mut inner.streamed))
    };
    if let Some(messages) = due {
        send(inner, &ToBridge::Credit { messages });
    }
}

fn send(inner: &RefCell<Inner>, message: &ToBridge) -> bool {
    match serde_json::to_string(message) {
        // A closed socket takes everything and sends nothing.
        Ok(text) => {
            let socket = &inner.borrow().socket;
            socket.ready_state() == WebSocket::OPEN && socket.send_with_str(&text).is_ok()
        }
        Err(_) => false,
    }
}

fn answer(inner: &RefCell<Inner>, id: u64, answer: Answer) {
    let slot = inner.borrow_mut().slots.remove(&id);
    if let Some(slot) = slot {
        let mut slot = slot.borrow_mut();
        slot.answer = Some(answer);
        if let Some(waker) = slot.waker.take() {
            waker.wake();
        }
    }
}

fn fail_all(inner: &RefCell<Inner>, reason: &str) {
    let ids: Vec<u64> = inner.borrow().slots.keys().copied().collect();
    for id in ids {
        answer(inner, id, Answer::Lost(reason.to_owned()));
    }
}

fn received(inner: &RefCell<Inner>, message: FromBridge) {
    match message {
        FromBridge::Hello { version, .. } if version != VERSION => {
            inner.borrow_mut().refused = true;
            tell(inner, Event::Status(Status::Version(version)));
            // Closing a closed socket does nothing.
            let _ = inner.borrow().socket.close();
        }
        FromBridge::Hello { kernel, capture, limits, .. } => {
            send(inner, &ToBridge::Credit { messages: CREDIT });
            tell(inner, Event::Status(Status::Ready { kernel, capture, limits }));
        }
        FromBridge::Done { id, reply, start_ns, duration_ns, steps, tcp } => {
            let tcp = tcp.map(Box::new);
            answer(inner, id, Answer::Done(reply, Measured { start_ns, duration_ns, steps, tcp }));
        }
        FromBridge::Denied { id, rule, detail } => {
            answer(inner, id, Answer::Denied { rule, detail });
        }
        FromBridge::Packet { at_ns, outgoing, cause, bytes, .. } => {
            streamed(inner);
            tell(inner, Event::Packet(Captured { at_ns, outgoing, cause, bytes }));
        }
        FromBridge::Tcp { fd, at_ns, info } => {
            streamed(inner);
            tell(inner, Event::Tcp(fd, at_ns, Box::new(info)));
        }
        FromBridge::Blocked { id, at_ns } => tell(inner, Event::Blocked(id, at_ns)),
        FromBridge::Dropped { messages } => tell(inner, Event::Dropped(messages)),
        FromBridge::Error { id: Some(id), detail, .. } => answer(inner, id, Answer::Lost(detail)),
        // What is fatal is also the reason of the close frame that follows.
        FromBridge::Error { id: None, .. } => {}
    }
}

/// The rule's name as it is in the protocol and in the bridge's documentation.
pub(crate) fn rule_name(rule: Rule) -> String {
    let name = serde_json::to_value(rule).ok();
    name.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether a bridge serves this page: its health check answers.
pub(crate) async fn is_served() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let response = wasm_bindgen_futures::JsFuture::from(window.fetch_with_str("healthz")).await;
    let Ok(response) = response.and_then(|r| r.dyn_into::<web_sys::Response>()) else {
        return false;
    };
    let Ok(text) = response.text() else { return false };
    let text = wasm_bindgen_futures::JsFuture::from(text).await;
    response.ok() && text.ok().and_then(|t| t.as_string()).is_some_and(|t| t.trim() == "ok")
}
