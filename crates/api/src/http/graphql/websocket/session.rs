//! One WebSocket from its first message to its last. One task reads and writes: while the client doesn't read, the program takes
//! no further message from it.
//!
//! Sockets wait, thousands of them. What is only needed while something happens is therefore boxed: a waiting one keeps no room for it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pamoja_domain::device::Device;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::AbortHandle;
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use crate::error_code::ErrorCode;
use crate::http::code::{Rejection, Rejections, RequestId};
use crate::http::edge::{Admitted, Edge, UserSlot};
use crate::http::graphql::document::{self, Parameters};
use crate::http::graphql::prepared::Prepared;
use crate::http::graphql::response::shape;
use crate::http::limit;
use crate::i18n::Language;

use super::message::Incoming;
use super::operation::{self, Answers, Logged, Outgoing, to_answer};

/// How long a client may take to send its first message.
const INIT: Duration = limit::SOCKET_BEGINNING.time();
/// How often the server pings the client, and how long the client may stay silent.
const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = limit::SOCKET_SILENCE.time();
/// How long sending a message may take.
const WRITE: Duration = limit::SOCKET_READING.time();
/// How many answers may wait for the socket.
const QUEUE: usize = 32;

/// How a socket ends.
enum End {
    /// The server closes it with a code and a reason.
    Close(u16, &'static str),
    /// The client is gone.
    Gone,
}

impl End {
    /// The session is over. On a shared device the client must not come back with the next token, but ask for a password.
    fn session(device: Device) -> Self {
        match device {
            Device::Own => Self::Close(4401, "Unauthorized: the session has ended"),
            Device::Shared => Self::Close(4403, "Forbidden: the session on this shared device is over"),
        }
    }
}

/// An operation under way.
struct Running {
    number: u64,
    once: bool,
    task: AbortHandle,
}

/// One WebSocket and the operations that run over it.
pub(super) struct Session {
    edge: Edge,
    socket: WebSocket,
    language: Language,
    admitted: Option<(Admitted, UserSlot)>,
    /// When the first message is due; after it, when the token expires.
    deadline: Instant,
    /// Waits until the caller's session is over; before the first message for ever.
    over: BoxFuture<'static, Device>,
    heard: Instant,
    running: HashMap<String, Running>,
    numbers: u64,
    /// Boxed: the channel has room for 32 at once.
    queue: (Sender<Box<Outgoing>>, Receiver<Box<Outgoing>>),
    closing: bool,
}

impl Session {
    /// A newly opened socket, for a client that reads that language.
    pub(super) fn new(edge: Edge, socket: WebSocket, language: Language) -> Box<Self> {
        let now = Instant::now();
        Box::new(Self {
            edge,
            socket,
            language,
            admitted: None,
            deadline: now + INIT,
            over: pending().boxed(),
            heard: now,
            running: HashMap::new(),
            numbers: 0,
            queue: mpsc::channel(QUEUE),
            closing: false,
        })
    }

    /// Serves the socket until it ends.
    pub(super) async fn serve(mut self: Box<Self>) {
        let Err(end) = self.talk().await;
        for running in self.running.values() {
            running.task.abort();
        }
        if let End::Close(code, reason) = end {
            Box::pin(self.close(code, reason)).await;
        }
    }

    async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        if self.send(Message::Close(Some(frame))).await.is_ok() {
            // Wait for the peer's close frame: without that, a reset could discard our frame before the peer reads it.
            let answered = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            timeout(Duration::from_secs(1), answered).await.unwrap_or_default();
        }
    }

    async fn talk(&mut self) -> Result<Infallible, End> {
        let mut pings = interval_at(Instant::now() + PING, PING);
        let closing = self.edge.closing.clone();
        loop {
            tokio::select! {
                () = sleep_until(self.deadline) => return Err(self.too_late()),
                device = &mut self.over => return Err(End::session(device)),
                () = closing.cancelled(), if !self.closing => self.begin_closing(),
                Some(outgoing) = self.queue.1.recv() => Box::pin(self.deliver(*outgoing)).await?,
                message = self.socket.recv() => Box::pin(self.hear(message)).await?,
                _ = pings.tick() => {
                    if self.heard.elapsed() > SILENCE {
                        return Err(End::Gone);
                    }
                    Box::pin(self.send(Message::Ping(axum::body::Bytes::new()))).await?;
                }
            }
            if self.closing && self.running.is_empty() {
                return Err(End::Close(1001, "Going away"));
            }
        }
    }

    fn too_late(&self) -> End {
        match self.admitted {
            None => End::Close(4408, "Connection initialisation timeout"),
            Some(_) => End::Close(4401, "Unauthorized: the token has expired"),
        }
    }

    /// Ends the subscriptions. Queries and mutations are finished and answered.
    fn begin_closing(&mut self) {
        self.closing = true;
        self.running.retain(|_, running| {
            if !running.once {
                running.task.abort();
            }
            running.once
        });
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.heard = Instant::now();
        let text = match message {
            None => return Err(End::Gone),
            Some(Err(error)) if error.to_string().starts_with("Space limit exceeded") => {
                return Err(End::Close(1009, "Message too large"));
            }
            Some(Err(_)) => return Err(End::Gone),
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => return Err(End::Close(4400, "Invalid message")),
            // The library answers pings and close frames itself.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => return Ok(()),
        };
        match Incoming::parse(&text) {
            None => Err(End::Close(4400, "Invalid message")),
            Some(Incoming::Init(token)) => self.admit(token).await,
            Some(Incoming::Ping) => self.send(Message::text(r#"{"type":"pong"}"#)).await,
            Some(Incoming::Pong) => Ok(()),
            Some(Incoming::Subscribe(id, parameters)) => self.subscribe(id, parameters).await,
            Some(Incoming::Complete(id)) => {
                if let Some(running) = self.running.remove(&id) {
                    running.task.abort();
                }
                Ok(())
            }
        }
    }

    async fn admit(&mut self, token: Option<String>) -> Result<(), End> {
        if self.admitted.is_some() {
            return Err(End::Close(4429, "Too many initialisation requests"));
        }
        let admitted = token.and_then(|token| self.edge.verify(&token)).ok_or(End::Close(4401, "Unauthorized"))?;
        let slot = self.edge.socket_slot_of(admitted.caller.user).ok_or(End::Close(1013, "Too many sockets of this user"))?;
        self.deadline = Instant::now() + admitted.remaining;
        self.over = self.edge.until_over(admitted.caller);
        self.admitted = Some((admitted, slot));
        self.send(Message::text(r#"{"type":"connection_ack"}"#)).await
    }

    async fn subscribe(&mut self, id: String, parameters: Parameters) -> Result<(), End> {
        let caller = self.admitted.as_ref().ok_or(End::Close(4401, "Unauthorized"))?.0.caller;
        if self.running.contains_key(&id) {
            return Err(End::Close(4409, "Subscriber already exists"));
        }
        let request_id = RequestId::fresh();
        let mut logged = Logged::start(request_id);
        let prepared = self.prepare(parameters);
        match prepared {
            Err(refusal) => {
                let shaped = shape(refusal.into(), request_id, self.language, self.edge.settings.explain_documents);
                logged.note(shaped.code);
                self.send(Message::text(to_answer(&shaped).text(&id))).await
            }
            Ok(prepared) => {
                self.numbers += 1;
                let number = self.numbers;
                let once = prepared.kind != OperationType::Subscription;
                let answers = Answers { id: id.clone(), number, language: self.language, queue: self.queue.0.clone() };
                let run = operation::run(self.edge.clone(), prepared, caller, answers, logged);
                let task = self.edge.tasks.spawn(run).abort_handle();
                self.running.insert(id, Running { number, once, task });
                Ok(())
            }
        }
    }

    /// Prepares an operation that there is room for. A screen's streams leave room for its queries, and the other way round.
    fn prepare(&self, parameters: Parameters) -> Result<Prepared, Rejections> {
        if self.closing {
            let message = pamoja_domain::message::Message::of("server-closing");
            return Err(Rejection::new(ErrorCode::Unavailable, message).into());
        }
        let running = |once: bool| self.running.values().filter(|running| running.once == once).count();
        let (streams, queries) = (running(false), running(true));
        // What has no room is refused before it costs anything.
        if streams >= limit::STREAMS.allowed && queries >= limit::SOCKET_QUERIES.allowed {
            return Err(limit::SOCKET_QUERIES.exceeded(queries + 1).into());
        }
        let prepared = document::prepare(parameters, &self.edge.settings, &self.edge.engine)?;
        if prepared.kind == OperationType::Subscription {
            limit::STREAMS.check(streams + 1)?;
        } else {
            limit::SOCKET_QUERIES.check(queries + 1)?;
        }
        Ok(prepared)
    }

    async fn deliver(&mut self, outgoing: Outgoing) -> Result<(), End> {
        let Outgoing { id, number, answer, session_ended } = outgoing;
        // The client has completed this operation and wants no more of it.
        if self.running.get(&id).is_none_or(|running| running.number != number) {
            return Ok(());
        }
        if answer.is_last() {
            self.running.remove(&id);
        }
        self.send(Message::text(answer.text(&id))).await?;
        if session_ended { Err(self.session_end().await) } else { Ok(()) }
    }

    /// How the socket ends when the session has: on a shared device otherwise than on a person's own.
    async fn session_end(&mut self) -> End {
        let Some((admitted, _)) = &self.admitted else { return End::session(Device::Own) };
        let over = self.edge.until_over(admitted.caller);
        End::session(timeout(WRITE, over).await.unwrap_or(Device::Own))
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(WRITE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}
