//! The WebSocket to the bridge: one session, calls as futures.
//!
//! The token comes in the address's fragment (`#tok=…`), goes to memory and leaves the address
//! bar. It travels as a subprotocol, because a browser cannot set headers on a WebSocket. See
//! `abi::message` for the messages. Missing: watching `TCP_INFO`, binary frames.

use abi::message::{Capture, FromBridge, KernelStep, SUBPROTOCOL, TcpInfo, ToBridge, VERSION};
use abi::{Bytes, Reply, Syscall};
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
    /// The kernel's name and release; whether packets can be captured.
    Ready {
        kernel: String,
        capture: bool,
    },
    /// The link carries no secret, or a wrong one.
    BadToken,
    /// It was there and is gone.
    Lost,
    /// It speaks another version.
    Version(u32),
}

/// A captured packet, from its IP header on.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Captured {
    pub(crate) at_ns: u64,
    pub(crate) outgoing: bool,
    pub(crate) cause: Option<u64>,
    pub(crate) bytes: Bytes,
}

/// What came of a call.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Answer {
    /// The kernel answered.
    Done {
        reply: Reply,
        start_ns: u64,
        duration_ns: u64,
        steps: Vec<KernelStep>,
        tcp: Option<Box<TcpInfo>>,
    },
    /// The bridge's policy refused it; the kernel never saw it.
    Denied { rule: String, detail: String },
    /// The connection ended before an answer came, or the message was refused.
    Lost(String),
}

/// Takes the token out of the address.
pub(crate) fn take_token() -> Option<String> {
    let window = web_sys::window()?;
    let hash = window.location().hash().ok()?;
    let token = hash.strip_prefix("#tok=")?.to_owned();
    let path = window.location().pathname().ok()? + &window.location().search().ok()?;
    // If it cannot be cleaned, the token stays visible; it works all the same.
    let _ = window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    (!token.is_empty() && token.bytes().all(|b| b.is_ascii_hexdigit())).then_some(token)
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
    on_status: Box<dyn Fn(Status)>,
    on_packet: Box<dyn Fn(Captured)>,
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
    pub(crate) fn connect(
        token: &str,
        on_status: impl Fn(Status) + 'static,
        on_packet: impl Fn(Captured) + 'static,
    ) -> Option<Bridge> {
        let location = web_sys::window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/ws", location.host().ok()?);
        let protocols = js_sys::Array::of2(&SUBPROTOCOL.into(), &format!("tok.{token}").into());
        let socket = WebSocket::new_with_str_sequence(&url, &protocols).ok()?;
        on_status(Status::Connecting);
        let inner = Rc::new(RefCell::new(Inner {
            socket: socket.clone(),
            next: 1,
            slots: BTreeMap::new(),
            opened: false,
            refused: false,
            on_status: Box::new(on_status),
            on_packet: Box::new(on_packet),
        }));
        let open = {
            let inner = inner.clone();
            Closure::new(move || {
                inner.borrow_mut().opened = true;
                send(&inner, &ToBridge::Hello { version: VERSION, binary: false });
            })
        };
        let message = {
            let inner = inner.clone();
            Closure::new(move |event: MessageEvent| {
                let text = event.data().as_string();
                let parsed = text.and_then(|text| serde_json::from_str(&text).ok());
                if let Some(parsed) = parsed {
                    received(&inner, parsed);
                }
            })
        };
        let close = {
            let inner = inner.clone();
            Closure::new(move |event: CloseEvent| {
                let reason = event.reason();
                // A session that was never opened was refused; one of another version has said so.
                let status = if inner.borrow().opened { Status::Lost } else { Status::BadToken };
                if !inner.borrow().refused {
                    (inner.borrow().on_status)(status);
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

    /// The number that the next call will have.
    pub(crate) fn next_id(&self) -> u64 {
        self.inner.borrow().next
    }

    /// Makes a call and waits for its answer.
    pub(crate) async fn call(&self, call: Syscall, blocking: bool) -> Answer {
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
            return Answer::Lost(String::new());
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
        .await
    }

    /// Ends every call that has not been answered: each is answered with `EINTR`.
    pub(crate) fn cancel_all(&self) {
        let ids: Vec<u64> = self.inner.borrow().slots.keys().copied().collect();
        for id in ids {
            send(&self.inner, &ToBridge::Cancel { id });
        }
    }

    /// Asks for the packets of the sockets that are made from now on.
    pub(crate) fn capture(&self) {
        send(&self.inner, &ToBridge::Capture { on: true });
        send(&self.inner, &ToBridge::Credit { messages: 100_000 });
    }
}

fn send(inner: &RefCell<Inner>, message: &ToBridge) -> bool {
    match serde_json::to_string(message) {
        Ok(text) => inner.borrow().socket.send_with_str(&text).is_ok(),
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
            (inner.borrow().on_status)(Status::Version(version));
            // Closing a closed socket does nothing.
            let _ = inner.borrow().socket.close();
        }
        FromBridge::Hello { kernel, capture, .. } => {
            let capture = matches!(capture, Capture::On);
            (inner.borrow().on_status)(Status::Ready { kernel, capture });
        }
        FromBridge::Done { id, reply, start_ns, duration_ns, steps, tcp } => {
            let tcp = tcp.map(Box::new);
            answer(inner, id, Answer::Done { reply, start_ns, duration_ns, steps, tcp });
        }
        FromBridge::Denied { id, rule, detail } => {
            // The rule's name as it is in the protocol and in the bridge's documentation.
            let rule = serde_json::to_value(rule).ok();
            let rule = rule.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
            answer(inner, id, Answer::Denied { rule, detail });
        }
        FromBridge::Packet { at_ns, outgoing, cause, bytes, .. } => {
            (inner.borrow().on_packet)(Captured { at_ns, outgoing, cause, bytes });
        }
        FromBridge::Error { id: Some(id), detail, .. } => answer(inner, id, Answer::Lost(detail)),
        FromBridge::Error { id: None, .. }
        | FromBridge::Blocked { .. }
        | FromBridge::Tcp { .. }
        | FromBridge::Dropped { .. } => {}
    }
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
